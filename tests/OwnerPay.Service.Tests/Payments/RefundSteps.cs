using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>What happens around a refund, in the words of the field.</summary>
public static class RefundSteps
{
    public static Task<Answer> RequestRefund(this Estate estate, Guid order, long? fen = null, Guid? payment = null) =>
        estate.Finance.Post(estate.Path + "/refunds", new { orderId = payment is null ? order : (Guid?)null, paymentId = payment, amountFen = fen, reason = "重复缴费，退回" });

    /// <summary>Requested by finance, approved by the manager.</summary>
    /// <returns>The refund's id.</returns>
    public static async Task<Guid> Refund(this Estate estate, Guid order, long? fen = null, string? fault = null, double seconds = 0)
    {
        var id = (await estate.RequestRefund(order, fen)).Done()["refundId"].GetValue<Guid>();
        if (fault is not null) await estate.Fault(fault, id.ToString("N"), seconds: seconds);
        await estate.ApproveAll(estate.Manager);
        return id;
    }

    /// <summary>Requested by finance for one line of what was paid.</summary>
    /// <param name="fen">Null: all of it.</param>
    public static Task<Answer> RequestLine(this Estate estate, Guid order, OrderLine line, long? fen = null) =>
        estate.Finance.Post(estate.Path + "/refunds", new
        {
            orderId = order, reason = "部分明细多收，退回", lines = new[] { new { billId = line.BillId, billLineId = line.BillLineId, fen } },
        });

    /// <summary>Approved by the manager, who must be another person than the one who asked.</summary>
    /// <returns>The refund's id.</returns>
    public static async Task<Guid> Approved(this Estate estate, Answer requested)
    {
        var id = requested.Done()["refundId"].GetValue<Guid>();
        await estate.ApproveAll(estate.Manager);
        return id;
    }

    /// <summary>A hand at WeChat ends a refund that waits.</summary>
    /// <param name="callback">send or suppress.</param>
    public static Task<JsonNode> SettleAtWeChat(this Estate estate, Guid refund, string status = "success", string callback = "send") =>
        estate.EmulatorPost($"/admin/refunds/{refund:N}/settle", new { status, callback });

    /// <summary>What an order paid, line by line.</summary>
    public static Task<List<OrderLine>> PaidLines(this Estate estate, Guid order) => estate.Installation.Db(db =>
    {
        var lines = db.OrderLines;
        return lines.AsNoTracking().Where(l => l.OrderId == order).OrderBy(l => l.Number).ToListAsync();
    });

    public static Task<Refund> Stored(this Estate estate, Guid refund) => estate.Installation.Db(db =>
    {
        var refunds = db.Refunds;
        return refunds.AsNoTracking().SingleAsync(r => r.Id == refund);
    });

    public static Task UntilRefund(this Estate estate, Guid refund, RefundState state) =>
        Estate.Eventually(async () => (await estate.Stored(refund)).State == state, $"refund {refund:N} is {state}");

    public static async Task<long> OpenFen(this TestOwner owner) => (await owner.OpenBills()).Sum(bill => bill!["openFen"]!.GetValue<long>());

    public static async Task<long> Points(this TestOwner owner) => (await owner.Api.Get(owner.Path + "/points")).Done()["balance"].GetValue<long>();

    /// <summary>Refunds that WeChat knows of an order.</summary>
    public static async Task<JsonArray> RefundsAtWeChat(this Estate estate, Guid order) =>
        (await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<JsonArray>(
            estate.Installation.EmulatorHttp, $"/admin/refunds?outTradeNo={order:N}"))!;
}
