using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <param name="Fen">Opened again of the bill, or taken from prepaid money or suspense.</param>
/// <param name="DiscountFen">Part of it that offers had given and that is no longer given.</param>
public sealed record RefundLineView(RefundLineKind Kind, Guid? BillId, Guid? BillLineId, long Fen, long DiscountFen);

/// <param name="OutRefundNo">WeChat's 商户退款单号.</param>
/// <param name="WeChatRefundId">WeChat's 微信退款单号; null before it accepted.</param>
/// <param name="Text">Its state in Chinese.</param>
/// <param name="CashFen">What leaves our account: the amount less coupons of our own.</param>
/// <param name="LastError">WeChat's last refusal.</param>
/// <param name="PaidReference">Slip or transfer by which people paid it out.</param>
public sealed record RefundView(
    Guid RefundId, RefundChannel Channel, Guid PaymentId, Guid? OrderId, string OutRefundNo, string? WeChatRefundId, RefundState State, string Text,
        long AmountFen, long CashFen, string Reason,
    Guid RequestedBy, DateTimeOffset RequestedAt, Guid? ApprovalId, DateTimeOffset? AcceptedAt, DateTimeOffset? EndedAt, string? LastError,
        Guid? PaidBy, string? PaidReference, IReadOnlyList<RefundLineView> Lines);

/// <summary>A refund as the owner sees it beside his order.</summary>
/// <param name="Text">What he should know, in Chinese.</param>
/// <param name="At">When it was paid out, or else accepted; null before.</param>
public sealed record OrderRefund(Guid RefundId, RefundState State, string Text, long AmountFen, DateTimeOffset? At);

/// <summary>Refunds of a community for staff, the newest first, and one of them; and those of an order for its page.</summary>
/// <remarks>Errors: <c>cursor_invalid</c> 400; <c>refund_not_found</c> 404.</remarks>
public sealed class ShowRefunds(OwnerPayDb db)
{
    const int PageSize = 50;
    static readonly Error NotFound = new(404, "refund_not_found", "没有找到该笔退款");

    /// <summary>An owner hears of a refund when it was approved; what is only thought about is not promised.</summary>
    static readonly RefundState[] ForOwners = [RefundState.Approved, RefundState.Accepted, RefundState.Done, RefundState.Closed, RefundState.Abnormal, RefundState.Failed];

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/refunds", List).WithName("listRefunds").ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/refunds/{id:guid}", One).WithName("showRefund").ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(NotFound);
    }

    static async Task<Results<Ok<Page<RefundView>>, ProblemHttpResult>> List(StaffMember by, ShowRefunds show, CancellationToken cancel, string? cursor = null) =>
        (await show.Page(by.CommunityId, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    public async Task<Result<Page<RefundView>>> Page(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var refunds = db.Refunds.AsNoTracking().Where(r => r.CommunityId == community);
        var rows = await refunds.NewestFirst(after, r => new Cursor(r.RequestedAt, r.Id)).Take(PageSize + 1).ToListAsync(cancel);
        return Pages.Of(await Views(rows, cancel), PageSize, view => new Cursor(view.RequestedAt, view.RefundId));
    }

    static async Task<Results<Ok<RefundView>, ProblemHttpResult>> One(Guid id, StaffMember by, ShowRefunds show, CancellationToken cancel)
    {
        var rows = await show.db.Refunds.AsNoTracking().Where(r => r.Id == id && r.CommunityId == by.CommunityId).ToListAsync(cancel);
        return rows.Count == 0 ? NotFound.ToProblem() : TypedResults.Ok((await show.Views(rows, cancel))[0]);
    }

    readonly OwnerPayDb db = db;

    async Task<IReadOnlyList<RefundView>> Views(List<Refund> refunds, CancellationToken cancel)
    {
        var ids = refunds.ConvertAll(r => r.Id);
        var lines = (await db.RefundLines.AsNoTracking().Where(l => ids.Contains(l.RefundId)).OrderBy(l => l.Number).ToListAsync(cancel)).ToLookup(l => l.RefundId);
        var approvals = await db.Approvals.Where(a => a.Kind == ApproveRefund.ApprovalKind && ids.Contains(a.SubjectId)).ToDictionaryAsync(a => a.SubjectId, a => a.Id, cancel);
        return [.. refunds.Select(r => new RefundView(
            r.Id, r.Channel, r.PaymentId, r.OrderId, r.OutRefundNo, r.WeChatRefundId, r.State, Text(r), r.AmountFen, r.CashFen, r.Reason,
                r.RequestedBy, r.RequestedAt,
            approvals.TryGetValue(r.Id, out var approval) ? approval : null, r.AcceptedAt, r.EndedAt, r.LastError, r.PaidBy, r.PaidReference,
            [.. lines[r.Id].Select(l => new RefundLineView(l.Kind, l.BillId, l.BillLineId, l.Fen, l.DiscountFen))]))];
    }

    /// <summary>Refunds of an order that its owner may know of, in the order of their request.</summary>
    public async Task<IReadOnlyList<OrderRefund>> OfOrder(Guid orderId, CancellationToken cancel) =>
        [.. (await db.Refunds.AsNoTracking().Where(r => r.OrderId == orderId && ForOwners.Contains(r.State)).OrderBy(r => r.RequestedAt).ThenBy(r => r.Id).ToListAsync(cancel))
            .Select(r => new OrderRefund(r.Id, r.State, TextForOwner(r), r.AmountFen, r.EndedAt ?? r.AcceptedAt))];

    static string Text(Refund refund) => (refund.State, refund.Channel) switch
    {
        (RefundState.Approved, RefundChannel.Cash) => "已批准，待收银员付现",
        (RefundState.Approved, RefundChannel.Pos) => "已批准，待刷卡终端退款",
        (RefundState.Approved, RefundChannel.Transfer) => "已批准，待财务转账",
        _ => Text(refund.State),
    };

    static string Text(RefundState state) => state switch
    {
        RefundState.Requested => "待审批",
        RefundState.Rejected => "未批准",
        RefundState.Approved => "已批准，待微信受理",
        RefundState.Accepted => "微信已受理，退款中",
        RefundState.Done => "已退款",
        RefundState.Closed => "微信已关闭，未退款",
        RefundState.Abnormal => "退款异常，需人工处理",
        RefundState.Failed => "微信不受理，未退款",
        _ => throw new InvalidOperationException($"No text for {state}"),
    };

    static string TextForOwner(Refund refund) => (refund.State, refund.Channel) switch
    {
        (RefundState.Approved, RefundChannel.Cash) => "退款已批准，请到物业服务中心领取",
        (RefundState.Approved, RefundChannel.Pos) => "退款已批准，请持原银行卡到物业服务中心办理",
        (RefundState.Approved, RefundChannel.Transfer) => "退款已批准，财务将转账至您提供的银行账户",
        (RefundState.Done, RefundChannel.Cash) => "退款已以现金付给您",
        (RefundState.Done, RefundChannel.Pos) => "退款已退回您的银行卡，到账时间以发卡银行为准",
        (RefundState.Done, RefundChannel.Transfer) => "退款已转账至您提供的银行账户",
        _ => TextForOwner(refund.State),
    };

    static string TextForOwner(RefundState state) => state switch
    {
        RefundState.Approved or RefundState.Accepted => "退款处理中，将原路退回，一般 1–3 个工作日到账",
        RefundState.Done => "退款已原路退回",
        RefundState.Abnormal => "收款账户异常，物业正在处理这笔退款，请保持电话畅通",
        _ => "退款未成功，物业将与您联系",
    };
}
