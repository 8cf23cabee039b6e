using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Matched rows against payments, days against their rows, payments and differences, bill files against their hash, fees and pay-outs
/// against their journals.</summary>
public sealed class CheckReconciliation : IVerifyCheck
{
    public string Name => "reconciliation";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var finding in Rows(scope).WithCancellation(cancel)) yield return finding;
        await foreach (var finding in RefundRows(scope).WithCancellation(cancel)) yield return finding;
        await foreach (var finding in Days(scope).WithCancellation(cancel)) yield return finding;
        await foreach (var finding in Fees(scope).WithCancellation(cancel)) yield return finding;
        await foreach (var finding in PayOuts(scope).WithCancellation(cancel)) yield return finding;
        await foreach (var finding in Clearing(scope, cancel)) yield return finding;
        await foreach (var finding in Files(scope, cancel)) yield return finding;
        await foreach (var finding in Differences(scope).WithCancellation(cancel)) yield return finding;
    }

    async IAsyncEnumerable<Finding> Rows(VerifyScope scope)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (payments, days) = (db.Payments, db.ReconciledDays);
        var wrong = db.MatchedRows.Where(r => community == null || r.CommunityId == community).Select(r => new
        {
            r.Id, r.AmountFen,
            Paid = payments.Where(p => p.Id == r.PaymentId && p.TransactionId == r.TransactionId && p.MerchantAccountId == r.MerchantAccountId)
                .Select(p => (long?)p.TotalFen).FirstOrDefault(),
            HasDay = days.Any(d => d.MerchantAccountId == r.MerchantAccountId && d.Day == r.BillDay),
        }).Where(r => r.Paid == null || r.Paid != r.AmountFen || !r.HasDay).OrderBy(r => r.Id);
        await foreach (var row in wrong.AsAsyncEnumerable())
            yield return new(Name, $"MatchedRows/{row.Id:N}",
                $"核对行：金额 {row.AmountFen}，支付 {(row.Paid is { } paid ? paid : "无")}{(row.HasDay ? "" : "；没有对账日")}");
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
                && (j.MeantFor ?? j.BusinessDate) == r.BillDay)).Sum(p => (long?)p.Amount) ?? 0,
            HasDay = days.Any(d => d.MerchantAccountId == r.MerchantAccountId && d.Day == r.BillDay),
        }).Where(r => r.Refunded == null || r.Refunded != r.AmountFen || r.Back != r.FeeBackFen || !r.HasDay).OrderBy(r => r.Id);
        await foreach (var row in wrong.AsAsyncEnumerable())
            yield return new(Name, $"MatchedRefunds/{row.Id:N}",
                $"退款核对行：金额 {row.AmountFen}，退款 {(row.Refunded is { } fen ? fen : "无")}；退回手续费 {row.FeeBackFen}，已入账 {row.Back}{(row.HasDay ? "" : "；没有对账日")}");
    }

    async IAsyncEnumerable<Finding> Days(VerifyScope scope)
    {
        var (db, community, against) = (scope.Db, scope.CommunityId, MatchedPayments.Against);
        var (rows, refunds, differences, payments) = (db.MatchedRows, db.MatchedRefunds, db.Differences, db.Payments);
        var wrong = db.ReconciledDays.Where(d => community == null || d.CommunityId == community).Select(d => new
        {
            Day = d,
            // Payments that agree with the bill of their day in everything: nothing is written down for them.
            Plain = payments.Where(p => p.CommunityId == d.CommunityId && p.PaidOn == d.Day && p.MerchantAccountId == d.MerchantAccountId
                && p.Channel == Payment.WeChat && p.BookedAt <= d.SeenUntil && !rows.Any(r => r.PaymentId == p.Id)
                && !differences.Any(x => x.PaymentId == p.Id && !x.Matched && against.Contains(x.Cause))).Count(),
            PlainFen = payments.Where(p => p.CommunityId == d.CommunityId && p.PaidOn == d.Day && p.MerchantAccountId == d.MerchantAccountId
                && p.Channel == Payment.WeChat && p.BookedAt <= d.SeenUntil && !rows.Any(r => r.PaymentId == p.Id)
                && !differences.Any(x => x.PaymentId == p.Id && !x.Matched && against.Contains(x.Cause))).Sum(p => (long?)p.TotalFen) ?? 0,
            Matched = rows.Count(r => r.MerchantAccountId == d.MerchantAccountId && r.BillDay == d.Day)
                + refunds.Count(r => r.MerchantAccountId == d.MerchantAccountId && r.BillDay == d.Day),
            MatchedFen = rows.Where(r => r.MerchantAccountId == d.MerchantAccountId && r.BillDay == d.Day).Sum(r => (long?)r.AmountFen) ?? 0,
            Unmatched = differences.Count(x => x.MerchantAccountId == d.MerchantAccountId && x.Day == d.Day && !x.Matched && Difference.OfRows.Contains(x.Cause)),
            UnmatchedFen = differences.Where(x => x.MerchantAccountId == d.MerchantAccountId && x.Day == d.Day && !x.Matched && Difference.OfRows.Contains(x.Cause)
                && x.Cause != DifferenceCause.RefundState && x.Cause != DifferenceCause.UnknownRefund && x.RefundId == null).Sum(x => x.TheirFen) ?? 0,
            // What was booked after the day was reconciled is told of on a later day.
            OtherFen = payments.Where(p => p.CommunityId == d.CommunityId && p.PaidOn == d.Day && p.MerchantAccountId == d.MerchantAccountId
                && p.Channel == Payment.WeChat && p.BookedAt <= d.ReconciledAt
                && (rows.Any(r => r.PaymentId == p.Id) || differences.Any(x => x.PaymentId == p.Id && against.Contains(x.Cause))))
                .Sum(p => (long?)p.TotalFen) ?? 0,
        }).OrderBy(d => d.Day.Day).ThenBy(d => d.Day.Id);
        await foreach (var found in wrong.AsNoTracking().AsAsyncEnumerable())
        {
            var (day, plain, plainFen) = (found.Day, found.Plain, found.PlainFen);
            var (billRows, billFen, ours) = (plain + found.Matched + found.Unmatched, plainFen + found.MatchedFen + found.UnmatchedFen, plainFen + found.OtherFen);
            if (day.MatchedRows != plain + found.Matched || day.BillRows != billRows || day.BillFen != billFen || day.OurFen != ours)
                yield return new(Name, $"ReconciledDays/{day.Id:N}",
                    $"{DifferenceTexts.Iso(day.Day)}：账单 {day.BillRows} 行 {day.BillFen} 分（应为 {billRows} 行 {billFen} 分），"
                    + $"核对 {day.MatchedRows} 行（应为 {plain + found.Matched}），我方 {day.OurFen} 分（应为 {ours}）");
        }
    }

    /// <summary>Each day's fees stand in its journal and with the refunds that gave some back; nothing else stands on the account.</summary>
    async IAsyncEnumerable<Finding> Fees(VerifyScope scope)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (journals, postings, refunds) = (db.Journals, db.Postings, db.MatchedRefunds);
        var days = db.ReconciledDays.Where(d => community == null || d.CommunityId == community).Select(d => new
        {
            d.Id, d.Day, d.FeeFen,
            Booked = postings.Where(p => p.CommunityId == d.CommunityId && p.Account == Accounts.ChannelFees
                && journals.Any(j => j.Id == p.JournalId && j.SourceKind == ReconcileDay.FeesSource && j.SourceId == d.Id)).Sum(p => (long?)p.Amount) ?? 0,
            Back = refunds.Where(r => r.MerchantAccountId == d.MerchantAccountId && r.BillDay == d.Day).Sum(r => (long?)r.FeeBackFen) ?? 0,
        }).Where(d => d.Booked - d.Back != d.FeeFen).OrderBy(d => d.Id);
        await foreach (var day in days.AsAsyncEnumerable())
            yield return new(Name, $"ReconciledDays/{day.Id:N}", $"{DifferenceTexts.Iso(day.Day)} 手续费 {day.FeeFen} 分，凭证 {day.Booked} 分，退回 {day.Back} 分");
        var totals = await postings.Where(p => (community == null || p.CommunityId == community) && p.Account == Accounts.ChannelFees)
            .GroupBy(p => p.CommunityId).Select(g => new { g.Key, Fen = g.Sum(p => p.Amount) }).ToDictionaryAsync(g => g.Key, g => g.Fen);
        var told = await db.ReconciledDays.Where(d => community == null || d.CommunityId == community)
            .GroupBy(d => d.CommunityId).Select(g => new { g.Key, Fen = g.Sum(d => d.FeeFen) }).ToDictionaryAsync(g => g.Key, g => g.Fen);
        foreach (var id in totals.Keys.Union(told.Keys).Order())
            if (totals.GetValueOrDefault(id) != told.GetValueOrDefault(id))
                yield return new(Name, $"Postings/{Accounts.ChannelFees}/{id:N}", $"手续费科目余额 {totals.GetValueOrDefault(id)} 分，对账日合计 {told.GetValueOrDefault(id)} 分");
    }

    async IAsyncEnumerable<Finding> PayOuts(VerifyScope scope)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (journals, postings, payOuts) = (db.Journals, db.Postings, db.WeChatPayOuts);
        var wrong = payOuts.Where(o => community == null || o.CommunityId == community).Select(o => new
        {
            o.Id, o.AmountFen,
            Booked = postings.Where(p => p.CommunityId == o.CommunityId && p.Account.StartsWith("1002/")
                && journals.Any(j => j.Id == p.JournalId && j.SourceKind == WeChatPayOut.Source && j.SourceId == o.Id)).Sum(p => (long?)p.Amount) ?? 0,
        }).Where(o => o.AmountFen != o.Booked).OrderBy(o => o.Id);
        await foreach (var payOut in wrong.AsAsyncEnumerable())
            yield return new(Name, $"WeChatPayOuts/{payOut.Id:N}", $"提现 {payOut.AmountFen} 分，凭证 {payOut.Booked} 分");
        var days = db.FundFlowDays.Where(d => community == null || d.CommunityId == community).Select(d => new
        {
            d.Id, d.Day, d.PaidOutFen, Sum = payOuts.Where(o => o.MerchantAccountId == d.MerchantAccountId && o.Day == d.Day).Sum(o => (long?)o.AmountFen) ?? 0,
        }).Where(d => d.PaidOutFen != d.Sum).OrderBy(d => d.Id);
        await foreach (var day in days.AsAsyncEnumerable())
            yield return new(Name, $"FundFlowDays/{day.Id:N}", $"{DifferenceTexts.Iso(day.Day)} 提现合计 {day.PaidOutFen} 分，明细 {day.Sum} 分");
    }

    /// <summary>What lies at WeChat: all that was received, less its fees, what it accepted as refunds and what it paid out.</summary>
    async IAsyncEnumerable<Finding> Clearing(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var numbers = await db.MerchantAccounts.Where(m => community == null || m.CommunityId == community).Select(m => m.MchId).Distinct().ToListAsync(cancel);
        List<string> accounts = [Accounts.RefundInTransit, .. numbers.Select(Accounts.WeChatClearing)];
        var lying = await db.Postings.Where(p => (community == null || p.CommunityId == community) && accounts.Contains(p.Account))
            .GroupBy(p => p.CommunityId).Select(g => new { g.Key, Fen = g.Sum(p => p.Amount) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var received = await db.Payments.Where(p => (community == null || p.CommunityId == community) && p.Channel == Payment.WeChat)
            .GroupBy(p => p.CommunityId).Select(g => new { g.Key, Fen = g.Sum(p => p.ReceivedFen) })
            .ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var refunded = await db.Refunds.Where(r => (community == null || r.CommunityId == community) && r.Channel == RefundChannel.WeChat
            && Refund.Booked.Contains(r.State))
            .GroupBy(r => r.CommunityId).Select(g => new { g.Key, Fen = g.Sum(r => r.CashFen) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var fees = await db.ReconciledDays.Where(d => community == null || d.CommunityId == community)
            .GroupBy(d => d.CommunityId).Select(g => new { g.Key, Fen = g.Sum(d => d.FeeFen) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var paidOut = await db.WeChatPayOuts.Where(o => community == null || o.CommunityId == community)
            .GroupBy(o => o.CommunityId).Select(g => new { g.Key, Fen = g.Sum(o => o.AmountFen) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        foreach (var id in lying.Keys.Union(received.Keys).Order())
        {
            var right = received.GetValueOrDefault(id) - refunded.GetValueOrDefault(id) - fees.GetValueOrDefault(id) - paidOut.GetValueOrDefault(id);
            if (lying.GetValueOrDefault(id) != right)
                yield return new(Name, $"Postings/1012/{id:N}", $"微信往来余额 {lying.GetValueOrDefault(id)} 分，实收减手续费、减退款、减提现应为 {right} 分");
        }
    }

    async IAsyncEnumerable<Finding> Files(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var files = await db.WeChatBillFiles.AsNoTracking().Where(f => community == null || f.CommunityId == community).ToDictionaryAsync(f => f.Id, cancel);
        var whole = files.Values.Where(f => f.Empty).Select(f => f.Id).ToHashSet();
        await foreach (var (id, hash) in Hashes(scope, cancel))
        {
            if (files.GetValueOrDefault(id) is not { } file) continue;    // told of below
            whole.Add(id);
            var found = file.Empty ? "有内容" : hash;
            if (found != file.Sha1)
                yield return new(Name, $"WeChatBillFiles/{file.Id:N}", $"{DifferenceTexts.Iso(file.Day)} 账单文件的校验值为 {found}，应为 {file.Sha1}");
        }
        foreach (var file in files.Values.Where(f => !whole.Contains(f.Id)))
            yield return new(Name, $"WeChatBillFiles/{file.Id:N}", $"{DifferenceTexts.Iso(file.Day)} 账单文件没有内容，校验值应为 {file.Sha1}");
        var parts = db.WeChatBillParts;
        var strays = parts.Where(p => (community == null || p.CommunityId == community) && (!db.Set<WeChatBillFile>().Any(f => f.Id == p.FileId)
            || p.Number > 0 && !db.Set<WeChatBillPart>().Any(before => before.FileId == p.FileId && before.Number == p.Number - 1)));
        foreach (var stray in await strays.Select(p => new { p.FileId, p.Number }).ToListAsync(cancel))
            yield return new(Name, $"WeChatBillParts/{stray.FileId:N}/{stray.Number}", "账单文件的分块不连续或没有所属文件");
    }

    /// <summary>SHA-1 of each stored file, in one reading: a community keeps two of each day for years.</summary>
    static async IAsyncEnumerable<(Guid File, string Hash)> Hashes(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var community = scope.CommunityId;
        await using var content = scope.Db.WeChatBillParts.Where(p => community == null || p.CommunityId == community)
            .OrderBy(p => p.FileId).ThenBy(p => p.Number).Select(p => new BillPiece(p.FileId, p.Content)).AsAsyncEnumerable().GetAsyncEnumerator(cancel);
        for (var more = await content.MoveNextAsync(); more;)
        {
            var (id, pieces) = (content.Current.FileId, new WeChatBillPieces(content));
            var hash = await Hash(pieces, cancel);
            more = await pieces.Skip();
            yield return (id, hash);
        }
    }

    static async Task<string> Hash(Stream packed, CancellationToken cancel)
    {
        try
        {
            await using var plain = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
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
