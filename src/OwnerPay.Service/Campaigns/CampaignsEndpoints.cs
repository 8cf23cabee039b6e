using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Campaigns;

/// <summary>Group messages: for now those of bill runs.</summary>
public static class CampaignsEndpoints
{
    public static IServiceCollection AddCampaigns(this IServiceCollection services) => services
        .AddMessageKind<BillIssuedMessage>()
        .AddOutboxHandler<TellOfBills>(TellOfBills.News, "tell-of-bills")
        .AddScoped<ShowCampaigns>();

    public static Doors MapCampaigns(this Doors doors)
    {
        ShowCampaigns.Map(doors);
        return doors;
    }
}
