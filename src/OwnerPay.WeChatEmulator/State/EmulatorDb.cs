using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace OwnerPay.WeChatEmulator.State;

/// <summary>All that one emulator remembers, in <c>emulator.db</c> of its data directory.</summary>
sealed class EmulatorDb(DbContextOptions<EmulatorDb> options) : DbContext(options)
{
    /// <summary>Raised with every change of a table; data of another version is refused at start instead of failing in the middle.</summary>
    public const int Version = 3;

    public DbSet<PayOrder> Orders => Set<PayOrder>();
    public DbSet<PayRefund> Refunds => Set<PayRefund>();
    public DbSet<FundMove> FundMoves => Set<FundMove>();
    public DbSet<Setting> Settings => Set<Setting>();
    public DbSet<Callback> Callbacks => Set<Callback>();
    public DbSet<BillChange> BillChanges => Set<BillChange>();
    public DbSet<WeChatUser> Users => Set<WeChatUser>();
    public DbSet<UserCode> Codes => Set<UserCode>();
    public DbSet<Template> Templates => Set<Template>();
    public DbSet<Grant> Grants => Set<Grant>();
    public DbSet<KeptChoice> KeptChoices => Set<KeptChoice>();
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<PushRow> Pushes => Set<PushRow>();
    public DbSet<Follower> Followers => Set<Follower>();
    public DbSet<Shipment> Shipments => Set<Shipment>();
    public DbSet<TokenRow> Tokens => Set<TokenRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<PayOrder>(table =>
        {
            table.HasKey(order => order.OutTradeNo);
            table.Property(order => order.State).HasConversion<string>();
            table.HasIndex(order => order.TransactionId).IsUnique();
            table.HasIndex(order => order.PrepayId);     // the payment sheet of a phone
            table.HasIndex(order => order.PaidOn);       // the bills of a day
            table.HasIndex(order => order.PaidSequence).IsUnique();
        });
        model.Entity<PayRefund>(table =>
        {
            table.HasKey(refund => refund.OutRefundNo);
            table.Property(refund => refund.Status).HasConversion<string>();
            table.Property(refund => refund.SettleAs).HasConversion<string>();
            table.HasIndex(refund => refund.RefundId).IsUnique();
            table.HasIndex(refund => refund.OutTradeNo);
            table.HasIndex(refund => refund.CreatedOn);  // the bills of a day
            table.HasIndex(refund => refund.Status);     // what is on its way, after a restart
        });
        model.Entity<FundMove>().HasIndex(move => move.On);
        model.Entity<Setting>().HasKey(setting => setting.Name);
        model.Entity<Callback>(table =>
        {
            table.Property(callback => callback.State).HasConversion<string>();
            table.HasIndex(callback => callback.State);  // what still waits, after a restart
            table.HasIndex(callback => callback.OutTradeNo);
        });
        model.Entity<BillChange>().HasIndex(change => change.Day);
        model.Entity<BillChange>().Property(change => change.Kind).HasConversion<string>();
        model.Entity<WeChatUser>().HasKey(user => user.Openid);
        model.Entity<UserCode>().HasKey(code => code.Code);
        model.Entity<UserCode>().Property(code => code.Kind).HasConversion<string>();
        model.Entity<Template>().HasKey(template => template.TemplateId);
        model.Entity<Grant>().HasKey(grant => new { grant.Openid, grant.TemplateId });
        model.Entity<KeptChoice>().HasKey(choice => new { choice.Openid, choice.TemplateId });
        model.Entity<Message>().HasIndex(message => message.Openid);
        model.Entity<Message>().HasIndex(message => new { message.Openid, message.ClientMsgId });
        model.Entity<PushRow>().Property(push => push.State).HasConversion<string>();
        model.Entity<PushRow>().HasIndex(push => push.State);
        model.Entity<Follower>().HasKey(follower => follower.Openid);
        model.Entity<Follower>().HasIndex(follower => follower.UserOpenid).IsUnique();
        model.Entity<Shipment>().HasKey(shipment => shipment.TransactionId);
        model.Entity<TokenRow>().HasKey(token => token.Token);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions) =>
        conventions.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();    // DateTimeOffset does not sort on SQLite

    sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), stored => DateTimeOffset.FromUnixTimeMilliseconds(stored).ToOffset(BusinessClock.China));
}
