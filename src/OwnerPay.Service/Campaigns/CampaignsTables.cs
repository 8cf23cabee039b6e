using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

public static class CampaignsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Campaign> Campaigns => db.Set<Campaign>();
        public DbSet<CampaignMember> CampaignMembers => db.Set<CampaignMember>();
        public DbSet<ReminderPolicy> ReminderPolicies => db.Set<ReminderPolicy>();
        public DbSet<Reminder> Reminders => db.Set<Reminder>();
    }
}
