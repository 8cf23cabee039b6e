using OwnerPay.Domain.Campaigns;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Campaigns;

/// <summary>Group messages: those of bill runs, the notices of staff, and reminders by policy.</summary>
public static class CampaignsEndpoints
{
    public static IServiceCollection AddCampaigns(this IServiceCollection services) => services
        .AddMessageKind<BillIssuedMessage>()
        .AddReminder(ReminderStage.Friendly).AddReminder(ReminderStage.First).AddReminder(ReminderStage.Second).AddReminder(ReminderStage.Final)
        .AddOutboxHandler<TellOfBills>(TellOfBills.News, "tell-of-bills")
        .AddMessageKind<NoticeMessage>().AddMessageKind<BillsMessage>()
        .AddScoped<ShowCampaigns>().AddScoped<FindAudience>().AddScoped<CheckAudience>().AddScoped<CheckCampaign>().AddScoped<MessageHours>()
        .AddScoped<PreviewCampaign>().AddScoped<ProposeCampaign>().AddScoped<IApprovable, ProposeCampaign>().AddScoped<SteerCampaign>()
        .AddScoped<CampaignEffect>().AddJob<RunCampaigns>("run-campaigns", TimeSpan.FromSeconds(1))
        .AddScoped<ProposeReminderPolicy>().AddScoped<IApprovable, ProposeReminderPolicy>()
        .AddJob<RemindOfBills>("remind-of-bills", TimeSpan.FromMinutes(5))
        .AddScoped<IVerifyCheck, CheckCampaigns>().AddScoped<IVerifyCheck, CheckReminders>();

    static IServiceCollection AddReminder(this IServiceCollection services, ReminderStage stage) =>
        services.AddScoped<IMessageKind>(built => ActivatorUtilities.CreateInstance<BillReminderMessage>(built, stage));

    public static Doors MapCampaigns(this Doors doors)
    {
        ShowCampaigns.Map(doors);
        PreviewCampaign.Map(doors);
        ProposeCampaign.Map(doors);
        SteerCampaign.Map(doors);
        ExportCampaign.Map(doors);
        CampaignEffect.Map(doors);
        ProposeReminderPolicy.Map(doors);
        return doors;
    }
}
