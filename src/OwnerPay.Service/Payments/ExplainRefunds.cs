using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Points;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using static OwnerPay.Service.Payments.Explained;

namespace OwnerPay.Service.Payments;

/// <summary>The refunds of an order from the database: who asked, who decided, what went to WeChat and what it said, bookings, points. Part of the explanation of
/// the order.</summary>
public sealed class ExplainRefunds(OwnerPayDb db, ExplainJournals journals)
{
    /// <returns>A part for each refund, in the order asked for.</returns>
    public async Task<IReadOnlyList<ExplainedPart>> Run(IReadOnlyList<Refund> refunds, CancellationToken cancel)
    {
        var parts = new List<ExplainedPart>();
        foreach (var refund in refunds)
            parts.Add(new($"退款 {refund.OutRefundNo}",
            [
                .. await Asked(refund, cancel), .. await Lines(refund, cancel), .. AtWeChat(refund), .. await journals.Of(refund.Id, cancel), .. await Points(refund, cancel),
            ]));
        return parts;
    }

    async Task<IReadOnlyList<string>> Asked(Refund refund, CancellationToken cancel)
    {
        var approval = await db.Approvals.AsNoTracking().SingleOrDefaultAsync(a => a.Kind == ApproveRefund.ApprovalKind && a.SubjectId == refund.Id, cancel);
        List<Guid> people = [refund.RequestedBy, .. approval?.DecidedBy is { } by ? [by] : Array.Empty<Guid>()];
        var names = await db.StaffAccounts.AsNoTracking().Where(s => people.Contains(s.Id)).ToDictionaryAsync(s => s.Id, s => s.Name, cancel);
        string Who(Guid id) => names.GetValueOrDefault(id) ?? id.ToString("N");
        return
        [
            $"{At(refund.RequestedAt)} {Who(refund.RequestedBy)} 申请退款 {Yuan(refund.AmountFen)}（支出 {Yuan(refund.CashFen)}）：{refund.Reason}",
            approval is { DecidedBy: { } decider, DecidedAt: { } at }
                ? $"{At(at)} {Who(decider)} {(approval.State == ApprovalState.Approved ? "批准" : "驳回")} {approval.DecisionNote}".TrimEnd()
                : "等待审批",
        ];
    }

    async Task<IReadOnlyList<string>> Lines(Refund refund, CancellationToken cancel) =>
        [.. (await db.RefundLines.AsNoTracking().Where(l => l.RefundId == refund.Id).OrderBy(l => l.Number).ToListAsync(cancel)).Select(Line)];

    static string Line(RefundLine line) => $"{line.Number}. " + (line.Kind switch
    {
        RefundLineKind.Bill => $"账单 {line.BillId:N} {(line.BillLineId is { } of ? $"明细 {of:N}" : "违约金")}",
        RefundLineKind.Prepaid => "预存余额",
        RefundLineKind.Suspense => "待查款项",
        _ => throw new InvalidOperationException($"No word for {line.Kind}"),
    }) + $"：{Yuan(line.Fen)}，其中收回优惠 {Yuan(line.DiscountFen)}";

    static IReadOnlyList<string> AtWeChat(Refund refund) =>
    [
        $"状态 {refund.State}，微信退款单号 {refund.WeChatRefundId ?? "—"}，受理 {At(refund.AcceptedAt)}，结束 {At(refund.EndedAt)}，"
            + $"当前状态下已调用 {refund.Tries} 次{(refund.LastError is { } error ? $"，最近一次被拒：{error}" : "")}",
        Encoding.UTF8.GetString(refund.Request),
    ];

    async Task<IReadOnlyList<string>> Points(Refund refund, CancellationToken cancel) =>
        [.. (await db.PointsEntries.AsNoTracking().Where(e => e.SourceId == refund.Id && (e.SourceKind == TakeBackPoints.Taken || e.SourceKind == TakeBackPoints.Restored))
                .OrderBy(e => e.At).ThenBy(e => e.Id).ToListAsync(cancel))
            .Select(e => $"{At(e.At)} {e.Note}：{e.Delta} 积分")];
}
