using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Matched rows against payments and fee journals, days against their rows and differences, bill files against their hash, channel fees
/// against the rows that caused them.</summary>
public sealed class CheckReconciliation : IVerifyCheck
{
    public string Name => "reconciliation";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var finding in Rows(scope).WithCancellation(cancel)) yield return finding;
        await foreach (var finding in RefundRows(scope).WithCancellation(cancel)) yield return finding;
        await foreach (var finding in Days(scope).WithCancellation(cancel)) yield return finding;
        await foreach (var finding in Fees(scope, cancel)) yield return finding;
        await foreach (var finding in Files(scope, cancel)) yield return finding;
        await foreach (var finding in Differences(scope).WithCancellation(cancel)) yield return finding;
    }

    async IAsyncEnumerable<Finding> Rows(VerifyScope scope)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (payments, journals, postings, days) = (db.Payments, db.Journals, db.Postings, db.ReconciledDays);
        var wrong = db.MatchedRows.Where(r => community == null || r.CommunityId == community).Select(r => new
        {
            r.Id, r.AmountFen, r.FeeFen,
            Paid = payments.Where(p => p.Id == r.PaymentId && p.TransactionId == r.TransactionId && p.MerchantAccountId == r.MerchantAccountId)
                .Select(p => (long?)p.TotalFen).FirstOrDefault(),
            Fee = postings.Where(p => p.CommunityId == r.CommunityId && p.Account == Accounts.ChannelFees
                && journals.Any(j => j.Id == p.JournalId && j.SourceKind == MatchedRow.FeeSource && j.SourceId == r.Id
                && j.BusinessDate == r.BillDay)).Sum(p => (long?)p.Amount) ?? 0,
            HasDay = days.Any(d => d.MerchantAccountId == r.MerchantAccountId && d.Day == r.BillDay),
        }).Where(r => r.Paid == null || r.Paid != r.AmountFen || r.Fee != r.FeeFen || !r.HasDay).OrderBy(r => r.Id);
        await foreach (var row in wrong.AsAsyncEnumerable())
            yield return new(Name, $"MatchedRows/{row.Id:N}",
                $"核对行：金额 {row.AmountFen}，支付 {(row.Paid is { } paid ? paid : "无")}；手续费 {row.FeeFen}，已入账 {row.Fee}{(row.HasDay ? "" : "；没有对账日")}");
    }

    async IAsyncEnumerable<Finding> RefundRows(VerifyScope scope)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (refunds, journals, postings, days) = (db.Refunds, db.Journals, db.Postings, db.ReconciledDays);
        var wrong = db.MatchedRefunds.Where(r => community == null || r.CommunityId == community).Select(r => new
        {
            r.Id, r.AmountFen, r.FeeBackFen,
            Refunded = refunds.Where(x => x.Id == r.RefundId && x.MerchantAccountId == r.MerchantAccountId && x.AcceptedAt != null)
                .Select(x => (long?)x.AmountFen).FirstOrDefault(),
            Back = -postings.Where(p => p.CommunityId == r.CommunityId && p.Account == Accounts.ChannelFees
                && journals.Any(j => j.Id == p.JournalId && j.SourceKind == MatchedRefund.FeeBackSource && j.SourceId == r.Id
                && j.BusinessDate == r.BillDay)).Sum(p => (long?)p.Amount) ?? 0,
            HasDay = days.Any(d => d.MerchantAccountId == r.MerchantAccountId && d.Day == r.BillDay),
        }).Where(r => r.Refunded == null || r.Refunded != r.AmountFen || r.Back != r.FeeBackFen || !r.HasDay).OrderBy(r => r.Id);
        await foreach (var row in wrong.AsAsyncEnumerable())
            yield return new(Name, $"MatchedRefunds/{row.Id:N}",
                $"退款核对行：金额 {row.AmountFen}，退款 {(row.Refunded is { } fen ? fen : "无")}；退回手续费 {row.FeeBackFen}，已入账 {row.Back}{(row.HasDay ? "" : "；没有对账日")}");
    }

    async IAsyncEnumerable<Finding> Days(VerifyScope scope)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (rows, refunds, differences, payments) = (db.MatchedRows, db.MatchedRefunds, db.Differences, db.Payments);
        var wrong = db.ReconciledDays.Where(d => community == null || d.CommunityId == community).Select(d => new
        {
            Day = d,
            Matched = rows.Count(r => r.MerchantAccountId == d.MerchantAccountId && r.BillDay == d.Day)
                + refunds.Count(r => r.MerchantAccountId == d.MerchantAccountId && r.BillDay == d.Day),
            MatchedFen = rows.Where(r => r.MerchantAccountId == d.MerchantAccountId && r.BillDay == d.Day).Sum(r => (long?)r.AmountFen) ?? 0,
            RowFeeFen = rows.Where(r => r.MerchantAccountId == d.MerchantAccountId && r.BillDay == d.Day).Sum(r => (long?)r.FeeFen) ?? 0,
            FeeBackFen = refunds.Where(r => r.MerchantAccountId == d.MerchantAccountId && r.BillDay == d.Day).Sum(r => (long?)r.FeeBackFen) ?? 0,
            Unmatched = differences.Count(x => x.MerchantAccountId == d.MerchantAccountId && x.Day == d.Day && !x.Matched
                && x.Cause != DifferenceCause.PaidHereMissingThere && x.Cause != DifferenceCause.NextDay && x.Cause != DifferenceCause.RefundMissingThere),
            UnmatchedFen = differences.Where(x => x.MerchantAccountId == d.MerchantAccountId && x.Day == d.Day && !x.Matched
                && x.Cause != DifferenceCause.PaidHereMissingThere && x.Cause != DifferenceCause.NextDay && x.Cause != DifferenceCause.RefundState
                && x.Cause != DifferenceCause.UnknownRefund && x.RefundId == null)
                .Sum(x => x.TheirFen) ?? 0,
            // What was booked after the day was reconciled is told of on a later day.
            OurFen = payments.Where(p => p.CommunityId == d.CommunityId && p.PaidOn == d.Day && p.MerchantAccountId == d.MerchantAccountId
                && p.Channel == Payment.WeChat
                && p.BookedAt <= d.ReconciledAt && (rows.Any(r => r.PaymentId == p.Id) || differences.Any(x => x.PaymentId == p.Id)))
                .Sum(p => (long?)p.TotalFen) ?? 0,
        }).Where(d => d.Day.MatchedRows != d.Matched || d.Day.FeeFen != d.RowFeeFen - d.FeeBackFen || d.Day.BillRows != d.Matched + d.Unmatched
            || d.Day.BillFen != d.MatchedFen + d.UnmatchedFen || d.Day.OurFen != d.OurFen).OrderBy(d => d.Day.Day).ThenBy(d => d.Day.Id);
        await foreach (var day in wrong.AsNoTracking().AsAsyncEnumerable())
            yield return new(Name, $"ReconciledDays/{day.Day.Id:N}",
                $"{DifferenceTexts.Iso(day.Day.Day)}：账单 {day.Day.BillRows} 行 {day.Day.BillFen} 分"
                + $"（应为 {day.Matched + day.Unmatched} 行 {day.MatchedFen + day.UnmatchedFen} 分），"
                + $"核对 {day.Day.MatchedRows} 行（应为 {day.Matched}），我方 {day.Day.OurFen} 分（应为 {day.OurFen}），手续费 {day.Day.FeeFen} 分（应为 {day.RowFeeFen - day.FeeBackFen}）");
    }

    async IAsyncEnumerable<Finding> Fees(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var booked = await db.Postings.Where(p => (community == null || p.CommunityId == community) && p.Account == Accounts.ChannelFees)
            .GroupBy(p => p.CommunityId).Select(g => new { g.Key, Fen = g.Sum(p => p.Amount) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var told = await db.MatchedRows.Where(r => community == null || r.CommunityId == community)
            .GroupBy(r => r.CommunityId).Select(g => new { g.Key, Fen = g.Sum(r => r.FeeFen) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var back = await db.MatchedRefunds.Where(r => community == null || r.CommunityId == community)
            .GroupBy(r => r.CommunityId).Select(g => new { g.Key, Fen = g.Sum(r => r.FeeBackFen) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        foreach (var (id, fen) in back) told[id] = told.GetValueOrDefault(id) - fen;
        foreach (var id in booked.Keys.Union(told.Keys).Order())
            if (booked.GetValueOrDefault(id) != told.GetValueOrDefault(id))
                yield return new(Name, $"Postings/{Accounts.ChannelFees}/{id:N}",
                    $"手续费科目余额 {booked.GetValueOrDefault(id)} 分，账单核对行合计 {told.GetValueOrDefault(id)} 分");

        // What lies at WeChat: all that was received, less its fees and what it accepted as refunds; pay-outs are not booked yet.
        var lying = await db.Postings.Where(p => (community == null || p.CommunityId == community) && p.Account.StartsWith("1012/"))
            .GroupBy(p => p.CommunityId).Select(g => new { g.Key, Fen = g.Sum(p => p.Amount) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var received = await db.Payments.Where(p => (community == null || p.CommunityId == community) && p.Channel == Payment.WeChat)
            .GroupBy(p => p.CommunityId).Select(g => new { g.Key, Fen = g.Sum(p => p.ReceivedFen) })
            .ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var refunded = await db.Refunds.Where(r => (community == null || r.CommunityId == community) && r.Channel == RefundChannel.WeChat
            && Refund.Booked.Contains(r.State))
            .GroupBy(r => r.CommunityId).Select(g => new { g.Key, Fen = g.Sum(r => r.CashFen) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        foreach (var (id, fen) in refunded) received[id] = received.GetValueOrDefault(id) - fen;
        foreach (var id in lying.Keys.Union(received.Keys).Order())
            if (received.GetValueOrDefault(id) - told.GetValueOrDefault(id) is var right && lying.GetValueOrDefault(id) != right)
                yield return new(Name, $"Postings/1012/{id:N}", $"微信往来余额 {lying.GetValueOrDefault(id)} 分，实收减手续费、减退款应为 {right} 分");
    }

    async IAsyncEnumerable<Finding> Files(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var ids = await db.WeChatBillFiles.Where(f => community == null || f.CommunityId == community).OrderBy(f => f.Id).Select(f => f.Id)
            .ToListAsync(cancel);
        foreach (var id in ids)    // one at a time: files may be large
        {
            var file = await db.WeChatBillFiles.AsNoTracking().SingleAsync(f => f.Id == id, cancel);
            if (await Hash(file, cancel) is { } hash && hash != file.Sha1)
                yield return new(Name, $"WeChatBillFiles/{id:N}", $"{DifferenceTexts.Iso(file.Day)} 账单文件的校验值为 {hash}，应为 {file.Sha1}");
        }
    }

    static async Task<string> Hash(WeChatBillFile file, CancellationToken cancel)
    {
        if (file.Empty) return file.Content.Length == 0 ? "" : "有内容";
        try
        {
            await using var plain = FetchWeChatBills.Open(file);
#pragma warning disable CA5350 // WeChat prescribes SHA-1 here.
            return Convert.ToHexStringLower(await SHA1.HashDataAsync(plain, cancel));
#pragma warning restore CA5350
        }
        catch (InvalidDataException) { return "无法解压"; }
    }

    async IAsyncEnumerable<Finding> Differences(VerifyScope scope)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (days, payments, rows, refunds) = (db.ReconciledDays, db.Payments, db.MatchedRows, db.MatchedRefunds);
        var wrong = db.Differences.AsNoTracking().Where(d => community == null || d.CommunityId == community)
            .Select(d => new
            {
                d.Id, d.Cause,
                NoDay = !days.Any(x => x.MerchantAccountId == d.MerchantAccountId && x.Day == d.Day),
                OpenInClosed = d.State == DifferenceState.Open
                    && days.Any(x => x.MerchantAccountId == d.MerchantAccountId && x.Day == d.Day && x.State == DayState.Closed),
                Unsaid = d.State != DifferenceState.Open && (d.Resolution == null || d.ResolvedAt == null),
                NoPayment = d.PaymentId != null && !payments.Any(p => p.Id == d.PaymentId),
                NoRow = d.Matched && !rows.Any(r => r.PaymentId == d.PaymentId && r.BillDay == d.Day)
                    && !refunds.Any(r => r.RefundId == d.RefundId && r.BillDay == d.Day),
            }).Where(d => d.NoDay || d.OpenInClosed || d.Unsaid || d.NoPayment || d.NoRow).OrderBy(d => d.Id);
        await foreach (var d in wrong.AsAsyncEnumerable())
            yield return new(Name, $"Differences/{d.Id:N}", $"差异（{DifferenceTexts.Name(d.Cause)}）：" + string.Join("、", new[]
            {
                d.NoDay ? "没有对账日" : null, d.OpenInClosed ? "未处理而该日已关闭" : null, d.Unsaid ? "已处理但没有说明" : null,
                d.NoPayment ? "所指支付不存在" : null, d.NoRow ? "没有对应的核对行" : null,
            }.Where(text => text is not null)));
    }
}
