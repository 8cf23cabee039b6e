using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Keeps what a fund-flow bill said, books its pay-outs and names what does not agree; inside the transaction of the day.</summary>
public sealed class BookFundFlow(OwnerPayDb db, Books books)
{
    /// <summary>Bank days a pay-out may take before somebody must look.</summary>
    public const int DaysToArrive = 3;

    public async Task Run(Tally tally, JoinedFlow flow, CancellationToken cancel)
    {
        var (account, day) = (tally.Account, tally.Day);
        foreach (var found in flow.Findings)
            tally.Add(found.Cause, found.Reference, found.Line, found.Payment, matched: false, found.TheirFen, found.OurFen, found.Refund);
        await Carry(tally, flow, cancel);
        foreach (var row in flow.PayOuts) Book(tally, row);
        db.Add(new FundFlowDay
        {
            Id = Guid.CreateVersion7(), CommunityId = account.CommunityId, MerchantAccountId = account.Id, Day = day, Rows = flow.Rows, OpeningFen = flow.OpeningFen,
            ClosingFen = flow.ClosingFen, IncomeFen = flow.IncomeFen, ExpenseFen = flow.ExpenseFen, PaidOutFen = flow.PayOuts.Sum(Signed),
        });
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        await Overdue(tally, cancel);
    }

    static long Signed(FundFlowRow row) => row.IsIncome ? -row.AmountFen : row.AmountFen;

    void Book(Tally tally, FundFlowRow row)
    {
        var (account, fen) = (tally.Account, Signed(row));
        var payOut = new WeChatPayOut
        {
            Id = Guid.CreateVersion7(), CommunityId = account.CommunityId, MerchantAccountId = account.Id, Day = tally.Day, FlowNo = row.FlowNo, AmountFen = fen, At = row.BookedAt,
        };
        db.Add(payOut);
        books.Journal(account.CommunityId, WeChatPayOut.Source, payOut.Id, tally.Day, fen > 0 ? "微信支付提现到银行" : "银行充值到微信支付")
            .Debit(Accounts.PaidOut(account.MchId), fen).Credit(Accounts.WeChatClearing(account.MchId), fen).Post();
    }

    /// <summary>The balance goes on where the day before ended. Days come in any order: the neighbour that is known is asked.</summary>
    async Task Carry(Tally tally, JoinedFlow flow, CancellationToken cancel)
    {
        if (flow.Rows == 0 || flow.Findings.Count > 0) return;
        var yesterday = tally.Day.AddDays(-1);
        // A day without movements has no balance of its own: then the last day with some counts, if no day between is unknown.
        var before = await db.FundFlowDays.AsNoTracking().Where(d => d.MerchantAccountId == tally.Account.Id && d.Day <= yesterday).OrderByDescending(d => d.Day)
            .Take(100).Select(d => new { d.Day, d.Rows, d.ClosingFen }).ToListAsync(cancel);
        for (var at = 0; at < before.Count && before[at].Day == yesterday.AddDays(-at); at++)
        {
            if (before[at].Rows == 0) continue;
            if (before[at].ClosingFen != flow.OpeningFen)
                tally.Add(DifferenceCause.FlowBalance, DifferenceTexts.Iso(tally.Day), 0, null, false, flow.OpeningFen, before[at].ClosingFen);
            return;
        }
    }

    /// <summary>Pay-outs that no bank statement has shown for days.</summary>
    async Task Overdue(Tally tally, CancellationToken cancel)
    {
        var (latest, differences, account) = (tally.Day.AddDays(-DaysToArrive), db.Differences, tally.Account.Id);
        var waiting = await db.WeChatPayOuts.AsNoTracking().Where(p => p.MerchantAccountId == account && p.ArrivedOn == null && p.Day <= latest
                && !differences.Any(d => d.MerchantAccountId == account && d.Cause == DifferenceCause.PayOutNotArrived && d.Reference == p.FlowNo))
            .OrderBy(p => p.At).Take(500).ToListAsync(cancel);
        foreach (var payOut in waiting) tally.Add(DifferenceCause.PayOutNotArrived, payOut.FlowNo, 0, null, false, payOut.AmountFen, null);
    }
}
