using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Counter;

/// <summary>Shifts against what was taken and given back in them, their journals, and the cash that the books say lies in drawers and in the
/// safe.</summary>
public sealed class CheckShifts : IVerifyCheck
{
    public string Name => "shifts";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var shifts = await db.CashShifts.AsNoTracking().Where(s => community == null || s.CommunityId == community).OrderBy(s => s.Id)
            .ToListAsync(cancel);
        var cash = await db.CounterPayments.Where(p => p.Way == CounterWay.Cash).GroupBy(p => p.ShiftId)
            .Select(g => new { g.Key, Fen = g.Sum(p => p.AmountFen) })
            .ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var back = await db.Refunds.Where(r => r.ShiftId != null && r.Channel == RefundChannel.Cash).GroupBy(r => r.ShiftId!.Value)
            .Select(g => new { g.Key, Fen = g.Sum(r => r.CashFen) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var deposits = await db.CashDeposits.AsNoTracking().Where(d => community == null || d.CommunityId == community).ToListAsync(cancel);
        long Expected(CashShift shift) => shift.FloatFen + cash.GetValueOrDefault(shift.Id) - back.GetValueOrDefault(shift.Id);

        foreach (var shift in shifts)
            foreach (var fault in Faults(shift, Expected(shift))) yield return new(Name, $"CashShifts/{shift.Id:N}", fault);
        foreach (var deposit in deposits)
            if (shifts.Find(s => s.Id == deposit.ShiftId) is not { State: ShiftState.Confirmed } of
                || of.CountedFen - of.FloatFen != deposit.AmountFen)
                yield return new(Name, $"CashDeposits/{deposit.Id:N}", $"缴存 {deposit.AmountFen} 分，与班次清点金额减备用金不符");
        await foreach (var finding in Payments(db, community, cancel)) yield return finding;
        await foreach (var finding in Books(db, community, shifts, deposits, Expected, cancel)) yield return finding;
    }

    static IEnumerable<string> Faults(CashShift shift, long expected)
    {
        if (shift.State == ShiftState.Open != shift.OpenFor is not null) yield return $"班次状态 {shift.State}，开班标记不符";
        if (shift.State != ShiftState.Open && shift.ExpectedFen != expected) yield return $"交班账面 {shift.ExpectedFen} 分，按收退款应为 {expected} 分";
    }

    /// <summary>Each payment of the counter is a payment of the same amount by the same way, with its money on the right account, and the other way
    /// round.</summary>
    async IAsyncEnumerable<Finding> Payments(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (taken, payments, shifts) = (db.CounterPayments, db.Payments, db.CashShifts);
        var rows = from c in taken.AsNoTracking()
                   where community == null || c.CommunityId == community
                   join p in payments.AsNoTracking() on c.Id equals p.Id into found
                   from payment in found.DefaultIfEmpty()
                   join s in shifts.AsNoTracking() on c.ShiftId equals s.Id into inShift
                   from shift in inShift.DefaultIfEmpty()
                   select new { Counter = c, Payment = payment, Cashier = (Guid?)shift.CashierId };
        var banks = await db.BankAccounts.AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Code, cancel);
        foreach (var page in (await rows.ToListAsync(cancel)).Chunk(500))
        {
            var ids = page.Select(row => row.Counter.Id).ToList();
            var booked = (await (from journal in db.Journals.AsNoTracking()
                                 where journal.SourceKind == Payment.Source && ids.Contains(journal.SourceId)
                                 join posting in db.Postings.AsNoTracking() on new
                                 {
                                     journal.CommunityId,
                                     journal.Id
                                 } equals new { posting.CommunityId, Id = posting.JournalId }
                                 select new { journal.SourceId, posting.Account, posting.Amount }).ToListAsync(cancel))
                                     .ToLookup(p => (p.SourceId, p.Account), p => p.Amount);
            foreach (var row in page)
            {
                var counter = row.Counter;
                var (channel, account) = counter.Way switch
                {
                    CounterWay.Cash => (Payment.Cash, Accounts.Cash(row.Cashier ?? Guid.Empty)),
                    CounterWay.Pos => (Payment.Pos, Accounts.Pos(counter.Terminal ?? "")),
                    CounterWay.Transfer => (Payment.Transfer, Accounts.TransferInTransit(banks.GetValueOrDefault(counter.BankAccountId ?? Guid.Empty,
                        ""))),
                    _ => throw new InvalidOperationException($"No account for {counter.Way}"),
                };
                if (row.Payment is not { } payment || payment.TotalFen != counter.AmountFen || payment.Channel != channel
                    || booked[(counter.Id, account)].Sum() != counter.AmountFen)
                    yield return new(Name, $"CounterPayments/{counter.Id:N}", $"柜台收款 {counter.AmountFen} 分，与付款或科目 {account} 不符");
            }
        }
        string[] channels = [Payment.Cash, Payment.Pos, Payment.Transfer];
        var strays = payments.Where(p => (community == null || p.CommunityId == community) && channels.Contains(p.Channel)
            && !taken.Any(c => c.Id == p.Id)).Select(p => p.Id);
        foreach (var stray in await strays.ToListAsync(cancel)) yield return new(Name, $"Payments/{stray:N}", "柜台付款没有对应的收款登记");
    }

    /// <summary>Drawers hold what open and unconfirmed shifts must hold; the safe holds what confirmed drawers brought, less floats and
    /// deposits.</summary>
    async IAsyncEnumerable<Finding> Books(
        OwnerPayDb db, Guid? community, List<CashShift> shifts, List<CashDeposit> deposits, Func<CashShift, long> expected,
            [EnumeratorCancellation] CancellationToken cancel)
    {
        var due = new Dictionary<(Guid Community, string Account), long>();
        void Add(Guid of, string account, long fen) => due[(of, account)] = due.GetValueOrDefault((of, account)) + fen;
        foreach (var shift in shifts)
        {
            Add(shift.CommunityId, Accounts.Cash(shift.CashierId), shift.State == ShiftState.Confirmed ? 0 : expected(shift));
            Add(shift.CommunityId, Accounts.CashSafe, (shift.State == ShiftState.Confirmed ? shift.CountedFen ?? 0 : 0) - shift.FloatFen);
            Add(shift.CommunityId, Accounts.CashDifference, shift.State == ShiftState.Confirmed ? -shift.DifferenceFen : 0);
        }
        foreach (var deposit in deposits) Add(deposit.CommunityId, Accounts.CashSafe, -deposit.AmountFen);
        var booked = await db.Postings.Where(p => (community == null || p.CommunityId == community) && p.Commodity == Posting.Yuan
                && (p.Account.StartsWith("1001/") || p.Account == Accounts.CashDifference))
            .GroupBy(p => new { p.CommunityId, p.Account }).Select(g => new { g.Key.CommunityId, g.Key.Account, Fen = g.Sum(p => p.Amount) })
            .ToDictionaryAsync(g => (g.CommunityId, g.Account), g => g.Fen, cancel);
        foreach (var key in due.Keys.Union(booked.Keys).OrderBy(k => k.Item2, StringComparer.Ordinal))
            if (due.GetValueOrDefault(key) != booked.GetValueOrDefault(key))
                yield return new(Name, $"Postings/{key.Item2}/{key.Item1:N}",
                    $"现金科目余额 {booked.GetValueOrDefault(key)} 分，按班次应为 {due.GetValueOrDefault(key)} 分");
    }
}
