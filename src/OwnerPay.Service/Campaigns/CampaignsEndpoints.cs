using OwnerPay.Domain.Campaigns;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Campaigns;

/// <summary>Group messages: for now those of bill runs.</summary>
public static class CampaignsEndpoints
{
    public static IServiceCollection AddCampaigns(this IServiceCollection services) => services
        .AddMessageKind<BillIssuedMessage>()
        .AddReminder(ReminderStage.Friendly).AddReminder(ReminderStage.First).AddReminder(ReminderStage.Second).AddReminder(ReminderStage.Final)
        .AddOutboxHandler<TellOfBills>(TellOfBills.News, "tell-of-bills")
        .AddScoped<ShowCampaigns>();

    static IServiceCollection AddReminder(this IServiceCollection services, ReminderStage stage) =>
        services.AddScoped<IMessageKind>(built => ActivatorUtilities.CreateInstance<BillReminderMessage>(built, stage));

    public static Doors MapCampaigns(this Doors doors)
    {
        ShowCampaigns.Map(doors);
        return doors;
    }
}
