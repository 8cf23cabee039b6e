using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

public static class MessagingTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<MessageTemplate> MessageTemplates => db.Set<MessageTemplate>();
        public DbSet<MessageGrant> MessageGrants => db.Set<MessageGrant>();
        public DbSet<SubscriptionEvent> SubscriptionEvents => db.Set<SubscriptionEvent>();
        public DbSet<GrantEntry> GrantEntries => db.Set<GrantEntry>();
        public DbSet<Message> Messages => db.Set<Message>();
        public DbSet<MessageHold> MessageHolds => db.Set<MessageHold>();
        public DbSet<SendPaceRow> SendPaces => db.Set<SendPaceRow>();
        public DbSet<Delivery> Deliveries => db.Set<Delivery>();
    }
}
