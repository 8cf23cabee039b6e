using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Rewards;

public static class RewardsEndpoints
{
    public static IServiceCollection AddRewards(this IServiceCollection services) => services
        .AddScoped<ProposeRewards>().AddScoped<IApprovable, ApproveReward>()
        .AddScoped<ListRedemptions>().AddScoped<RedeemReward>().AddScoped<CancelRedemption>().AddScoped<FulfilRedemption>().AddScoped<EndRedemption>()
        .AddJob<ExpireRedemptions>("expire-redemptions", TimeSpan.FromMinutes(1))
        .AddScoped<RewardPictures>().AddScoped<ParkingRights>().AddSingleton<RushQueue>().AddScoped<RedeemTogether>().AddScoped<GuardPickUpCodes>()
        .AddMessageKind<PointsExpiringMessage>().AddJob<RemindExpiringPoints>("remind-points", TimeSpan.FromMinutes(10))
        .AddScoped<IVerifyCheck, CheckRewards>().AddScoped<IVerifyCheck, CheckRewardKinds>().AddDraws();

    static IServiceCollection AddDraws(this IServiceCollection services) => services
        .AddScoped<ProposeDraw>().AddScoped<IApprovable, ApproveDraw>().AddScoped<DrawTickets>().AddScoped<TicketsForPayments>().AddScoped<BuyTickets>()
        .AddScoped<EnterBeacon>().AddScoped<IApprovable, ApproveBeacon>().AddScoped<DrawWinners>().AddScoped<ReplaceWinner>().AddScoped<IApprovable, ApproveReplacement>()
        .AddScoped<HandOutPrize>().AddScoped<PublishedDraws>().AddScoped<DrawFiles>().AddScoped<ShowDraws>().AddMessageKind<DrawWonMessage>()
        .AddJob<RunDraws>("run-draws", TimeSpan.FromSeconds(5))
        .AddScoped<IVerifyCheck, CheckDraws>();

    public static void MapRewards(this Doors doors)
    {
        ProposeRewards.Map(doors);
        RewardCatalogue.Map(doors);
        ListRedemptions.Map(doors);
        RedeemReward.Map(doors);
        CancelRedemption.Map(doors);
        FulfilRedemption.Map(doors);
        RewardPictures.Map(doors);
        ShowPickUpCode.Map(doors);
        ProposeDraw.Map(doors);
        BuyTickets.Map(doors);
        EnterBeacon.Map(doors);
        ReplaceWinner.Map(doors);
        ShowDraws.Map(doors);
        ShowPublishedDraw.Map(doors);
    }
}
