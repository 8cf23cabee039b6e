using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Collection;

/// <summary>What stands between a due bill and its money: disputes, deferrals, instalment plans, waivers.</summary>
public static class CollectionEndpoints
{
    public static IServiceCollection AddCollection(this IServiceCollection services) => services
        .AddScoped<Grants>().AddScoped<OpenDispute>().AddScoped<CloseDispute>().AddScoped<ShowDisputes>()
        .AddScoped<ProposeDeferral>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposeDeferral>())
        .AddScoped<ProposePlan>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposePlan>())
        .AddScoped<ProposeWaiver>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposeWaiver>())
        .AddScoped<ProposeReversal>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposeReversal>())
        .AddMessageKind<PlanPartMessage>().AddDisputeMessage(closed: false).AddDisputeMessage(closed: true)
        .AddScoped<ShowGrants>().AddScoped<ShowMyGrants>()
        .AddJob<FollowPlans>("follow-plans", TimeSpan.FromMinutes(1))
        .AddScoped<IVerifyCheck, CheckCollection>();

    static IServiceCollection AddDisputeMessage(this IServiceCollection services, bool closed) =>
        services.AddScoped<IMessageKind>(built => ActivatorUtilities.CreateInstance<DisputeMessage>(built, closed));

    public static Doors MapCollection(this Doors doors)
    {
        OpenDispute.Map(doors);
        CloseDispute.Map(doors);
        ShowDisputes.Map(doors);
        ProposeDeferral.Map(doors);
        ProposePlan.Map(doors);
        ProposeWaiver.Map(doors);
        ProposeReversal.Map(doors);
        ShowGrants.Map(doors);
        ShowMyGrants.Map(doors);
        return doors;
    }
}
