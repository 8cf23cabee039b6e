using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Rewards;

public static class RewardsEndpoints
{
    public static IServiceCollection AddRewards(this IServiceCollection services) => services
        .AddScoped<ProposeRewards>().AddScoped<IApprovable, ApproveReward>()
        .AddScoped<ListRedemptions>().AddScoped<RedeemReward>().AddScoped<CancelRedemption>().AddScoped<FulfilRedemption>().AddScoped<EndRedemption>()
        .AddJob<ExpireRedemptions>("expire-redemptions", TimeSpan.FromMinutes(1))
        .AddScoped<IVerifyCheck, CheckRewards>();

    public static void MapRewards(this Doors doors)
    {
        ProposeRewards.Map(doors);
        RewardCatalogue.Map(doors);
        ListRedemptions.Map(doors);
        RedeemReward.Map(doors);
        CancelRedemption.Map(doors);
        FulfilRedemption.Map(doors);
    }
}
