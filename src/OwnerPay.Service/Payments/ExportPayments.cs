using Microsoft.AspNetCore.Http.HttpResults;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Staff;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Payments;

/// <summary>The lists of payments and refunds as Excel files.</summary>
public static class ExportPayments
{
    static readonly SheetColumn<PaymentLine>[] Payments =
    [
        Text<PaymentLine>("房号", p => p.House), Instant<PaymentLine>("支付时间", p => p.PaidAt), Text<PaymentLine>("渠道", p => p.Channel, 10),
        Text<PaymentLine>("交易单号", p => p.TransactionId, 32), Text<PaymentLine>("商户订单号", p => p.OrderId?.ToString("N"), 36),
        Yuan<PaymentLine>("支付金额（元）", p => p.TotalFen), Yuan<PaymentLine>("实收（元）", p => p.ReceivedFen), Yuan<PaymentLine>("本方优惠券（元）", p => p.OwnCouponFen, 18),
        Text<PaymentLine>("入账结果", p => Name(p.Outcome)), Instant<PaymentLine>("入账时间", p => p.BookedAt), Text<PaymentLine>("收据编号", p => p.ReceiptNumber),
    ];

    static readonly SheetColumn<RefundView>[] Refunds =
    [
        Text<RefundView>("退款单号", r => r.OutRefundNo, 36), Text<RefundView>("微信退款单号", r => r.WeChatRefundId, 32), Text<RefundView>("状态", r => r.Text, 20),
        Yuan<RefundView>("退款金额（元）", r => r.AmountFen), Yuan<RefundView>("实退现金（元）", r => r.CashFen), Text<RefundView>("原因", r => r.Reason, 30),
        Instant<RefundView>("申请时间", r => r.RequestedAt), Instant<RefundView>("受理时间", r => r.AcceptedAt), Instant<RefundView>("完成时间", r => r.EndedAt),
    ];

    public static void Map(Doors doors)
    {
        doors.MapSheet("payments", "exportPayments", GetPayments, StaffRole.Finance, StaffRole.Cashier, StaffRole.Manager);
        doors.MapSheet("refunds", "exportRefunds", GetRefunds, StaffRole.Finance, StaffRole.Manager);
    }

    static Task<FileStreamHttpResult> GetPayments(StaffMember by, ListPayments list, ExportSheet export, CancellationToken cancel) =>
        export.Run(by, "payments", "缴费记录", Payments, SheetFile.AllPages(cursor => list.Run(by.CommunityId, cursor, cancel)), cancel);

    static Task<FileStreamHttpResult> GetRefunds(StaffMember by, ShowRefunds list, ExportSheet export, CancellationToken cancel) =>
        export.Run(by, "refunds", "退款记录", Refunds, SheetFile.AllPages(cursor => list.Page(by.CommunityId, cursor, cancel)), cancel);

    static string Name(PaymentOutcome outcome) => outcome switch
    {
        PaymentOutcome.Settled => "已入账",
        PaymentOutcome.Prepaid => "转入预存",
        PaymentOutcome.Suspense => "待查",
        _ => throw new InvalidOperationException($"No name for {outcome}"),
    };
}
