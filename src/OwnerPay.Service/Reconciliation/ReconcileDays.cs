using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Reconciles every day of every merchant account that is over and not reconciled yet. It is only woken; what is due follows from the data,
/// so that a night without power loses nothing.</summary>
/// <remarks>An account's first day is that of its first order or payment: before it there is nothing to compare. WeChat keeps bills for three
/// months.</remarks>
public sealed partial class ReconcileDays(OwnerPayDb db, IServiceScopeFactory scopes, WorkItems workItems, ServiceSettings settings, Clock clock,
    ILogger<ReconcileDays> log) : IJob
{
    public const string AlarmKind = "reconciliation.waiting";

    /// <summary>Shanghai time from which yesterday is due. WeChat's bills appear from 10:00.</summary>
    static readonly TimeSpan DueFrom = new(10, 30, 0);

    /// <summary>Shanghai time after which a bill that is merely late is put before finance.</summary>
    static readonly TimeSpan LateFrom = new(14, 0, 0);

    static readonly TimeSpan Lease = TimeSpan.FromMinutes(30), AgainSoon = TimeSpan.FromMinutes(5), AgainLater = TimeSpan.FromMinutes(30);

    /// <summary>How far back WeChat keeps bills.</summary>
    public const int KeptMonths = 3;

    public sealed record Due(Guid AccountId, Guid CommunityId, string MchId, DateOnly Day);

    public async Task<string> Run(CancellationToken cancel)
    {
        var (done, waiting, broken) = (0, 0, 0);
        foreach (var due in await Find(cancel))
        {
            if (!await Claim(due, cancel)) continue;
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var answer = await scope.ServiceProvider.GetRequiredService<ReconcileAccount>().Run(due.AccountId, due.Day, cancel);
                if (answer.Refusal is { } refusal) { waiting++; await Wait(due, refusal, cancel); }
                else done++;
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                broken++;    // a day that cannot be reconciled must not hold up the others
                Failed(log, failure, due.AccountId, due.Day);
                await Wait(due, Problems.Unexpected, cancel);
            }
        }
        var text = $"{done} days reconciled, {waiting} waiting";
        return broken == 0 ? text : throw new InvalidOperationException($"{text}, {broken} failed");
    }

    /// <summary>The days that are due now, oldest first.</summary>
    public async Task<IReadOnlyList<Due>> Find(CancellationToken cancel)
    {
        var today = clock.Today();
        var last = today.AddDays(clock.Now() >= Clock.StartOf(today) + DueFrom ? -1 : -2);
        var earliest = today.AddMonths(-KeptMonths);
        var (orders, payments, days, fetches, now) = (db.PaymentOrders, db.Payments, db.ReconciledDays, db.BillFetches,
            TimeProvider.System.GetUtcNow());
        var accounts = await db.MerchantAccounts.AsNoTracking().Select(m => new
        {
            m.Id, m.CommunityId, m.MchId,
            Ordered = orders.Where(o => o.CommunityId == m.CommunityId && o.MerchantAccountId == m.Id).OrderBy(o => o.CreatedAt)
                .Select(o => (DateTimeOffset?)o.CreatedAt).FirstOrDefault(),
            Paid = payments.Where(p => p.CommunityId == m.CommunityId && p.MerchantAccountId == m.Id).OrderBy(p => p.PaidOn)
                .Select(p => (DateOnly?)p.PaidOn).FirstOrDefault(),
        }).ToListAsync(cancel);
        var done = (await days.Where(d => d.Day >= earliest).Select(d => new { d.MerchantAccountId, d.Day }).ToListAsync(cancel))
            .Concat(await fetches.Where(f => f.NextTryAt > now).Select(f => new { f.MerchantAccountId, f.Day }).ToListAsync(cancel))
            .Select(d => (d.MerchantAccountId, d.Day)).ToHashSet();
        var due = new List<Due>();
        foreach (var account in accounts)
        {
            var ordered = account.Ordered is { } at ? Clock.DateOf(at) : DateOnly.MaxValue;
            var first = account.Paid is { } paid && paid < ordered ? paid : ordered;
            for (var day = first < earliest ? earliest : first; day <= last; day = day.AddDays(1))
                if (!done.Contains((account.Id, day))) due.Add(new Due(account.Id, account.CommunityId, account.MchId, day));
        }
        return [.. due.OrderBy(d => d.Day).ThenBy(d => d.AccountId)];
    }

    /// <returns>False when another instance has it.</returns>
    async Task<bool> Claim(Due due, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (account, day, until) = (due.AccountId, due.Day, now + Lease);
        await db.InsertUnlessThere(
            new BillFetch { Id = Guid.CreateVersion7(), CommunityId = due.CommunityId, MerchantAccountId = account, Day = day, NextTryAt = now }, cancel);
        return await db.BillFetches.Where(f => f.MerchantAccountId == account && f.Day == day && f.NextTryAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.NextTryAt, until), cancel) == 1;
    }

    async Task Wait(Due due, Error why, CancellationToken cancel)
    {
        var soon = why.Code == FetchWeChatBills.Unusable.Code || why.Code == FetchWeChatBills.Silent.Code;
        var next = TimeProvider.System.GetUtcNow() + (soon ? AgainSoon : AgainLater) * settings.JobPace;
        await db.BillFetches.Where(f => f.MerchantAccountId == due.AccountId && f.Day == due.Day)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.NextTryAt, next).SetProperty(f => f.LastError, why.Code), cancel);
        var merelyLate = why.Code == FetchWeChatBills.NotReady.Code || why.Code == FetchWeChatBills.Silent.Code;
        if (merelyLate && clock.Now() < Clock.StartOf(due.Day.AddDays(1)) + LateFrom) return;
        var id = await db.BillFetches.Where(f => f.MerchantAccountId == due.AccountId && f.Day == due.Day).Select(f => (Guid?)f.Id)
            .SingleOrDefaultAsync(cancel);
        if (id is { } subject)
            await workItems.Open(due.CommunityId, AlarmKind, subject, StaffRole.Finance, $"{DifferenceTexts.Iso(due.Day)} 微信对账未完成",
                $"商户号 {due.MchId}：{why.Title}。{why.Detail}", cancel);
    }

    [LoggerMessage(9001, LogLevel.Error, "Account {AccountId} could not be reconciled for {Day}")]
    static partial void Failed(ILogger log, Exception failure, Guid accountId, DateOnly day);
}
