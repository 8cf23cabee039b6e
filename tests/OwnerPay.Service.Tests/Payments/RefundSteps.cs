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
    public static async Task<System.Text.Json.Nodes.JsonArray> RefundsAtWeChat(this Estate estate, Guid order) =>
        (await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<System.Text.Json.Nodes.JsonArray>(
            estate.Installation.EmulatorHttp, $"/admin/refunds?outTradeNo={order:N}"))!;
}
