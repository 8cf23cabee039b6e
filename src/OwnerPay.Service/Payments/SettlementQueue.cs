using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Books the callbacks that arrive at once together, in groups of one community: a transaction never spans two. The money is booked and the callback
/// stored with it; the callback's <c>Outcome</c> stays null where the money was booked before.</summary>
/// <remarks>An exception means that nothing was booked: WeChat must tell again. SQLite has one writer; on a server one group computes while another is being
/// written.</remarks>
public sealed partial class SettlementQueue(IServiceScopeFactory scopes, DatabaseChoice database, ILogger<SettlementQueue> log)
    : CompanyQueue<Arrival, SettleAnswer>(scopes, database.IsMariaDb ? 2 : 1, mostTogether: 32)
{
    protected override Guid KindOf(Arrival item) => item.Money.Merchant.CommunityId;

    protected override async Task<IReadOnlyList<(bool Done, SettleAnswer? Answer)>> Together(IServiceProvider services, IReadOnlyList<Arrival> items)
    {
        var answers = await services.GetRequiredService<SettleTogether>().Run(KindOf(items[0]), items, CancellationToken.None);
        return [.. answers.Select(answer => (answer is not null, answer))];
    }

    protected override Task<SettleAnswer> Alone(IServiceProvider services, Arrival item) =>
        services.GetRequiredService<SettlePayment>().Run(item.Money, Proof.Callback, item.Callback, CancellationToken.None);

    protected override void NotTogether(Exception failure, int count) => NotTogether(log, failure, count);

    [LoggerMessage(8030, LogLevel.Warning, "{Count} payments could not be booked together; each goes alone")]
    static partial void NotTogether(ILogger log, Exception failure, int count);
}
