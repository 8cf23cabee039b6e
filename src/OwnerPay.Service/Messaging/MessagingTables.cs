using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging.Mail;
using OwnerPay.Service.Messaging.OfficialAccounts;
using OwnerPay.Service.Messaging.Sms;
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
        public DbSet<SentText> SentTexts => db.Set<SentText>();
        public DbSet<MessageSettings> MessageSettings => db.Set<MessageSettings>();
        public DbSet<ReminderDay> ReminderDays => db.Set<ReminderDay>();
        public DbSet<MailAccount> MailAccounts => db.Set<MailAccount>();
        public DbSet<OfficialAccount> OfficialAccounts => db.Set<OfficialAccount>();
        public DbSet<Follower> Followers => db.Set<Follower>();
        public DbSet<SmsAccount> SmsAccounts => db.Set<SmsAccount>();
        public DbSet<ContactPreference> ContactPreferences => db.Set<ContactPreference>();
    }
}
