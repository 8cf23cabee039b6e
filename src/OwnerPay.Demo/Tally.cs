using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Campaigns;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Points;
using OwnerPay.Service.Reconciliation;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Demo;

/// <summary>What the month came to, counted from the database when the story is over.</summary>
/// <param name="MessagesSent">Accepted by WeChat.</param>
/// <param name="PaidFen">Received, without discounts.</param>
/// <param name="Redemptions">Without cancelled and expired ones.</param>
/// <param name="ReconciledRows">Matched rows of WeChat's bills.</param>
/// <param name="Differences">Found, solved ones included.</param>
/// <param name="GroupMessages">Written by group notices of staff, inbox included.</param>
/// <param name="DrawTickets">On the lists of draws.</param>
/// <param name="Verify"><c>ok</c>, or the number of findings.</param>
public sealed record Tally(
    int Houses, int BillsIssued, long BilledFen, int MessagesSent, int Payments, long PaidFen, long DiscountFen, long PointsGranted, int Redemptions,
    int ReconciledRows, int Differences, int GroupMessages, int DrawTickets, string Verify)
{
    public static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<Tally> Count(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        await db.BeginReadSnapshot(default);
        var findings = await scope.ServiceProvider.GetRequiredService<VerifyBooks>().Run(null, default);
        foreach (var finding in findings) Console.WriteLine($"　　核对发现：[{finding.Check}] {finding.Subject} {finding.Message}");
        return new Tally(
            await db.Houses.CountAsync(),
            await db.Bills.CountAsync(bill => bill.State != BillState.Voided),
            await db.Bills.Where(bill => bill.State != BillState.Voided).SumAsync(bill => bill.AmountFen),
            await db.Deliveries.CountAsync(delivery => delivery.State == DeliveryState.Sent),
            await db.Payments.CountAsync(),
            await db.Payments.SumAsync(payment => payment.ReceivedFen),
            await db.BillReductions.SumAsync(reduction => reduction.DiscountFen),
            await db.PointsLots.SumAsync(lot => lot.Earned),
            await db.Redemptions.CountAsync(redemption => redemption.State == RedemptionState.Reserved || redemption.State == RedemptionState.Fulfilled),
            await db.ReconciledDays.SumAsync(day => day.MatchedRows),
            await db.Differences.CountAsync(),
            await db.CampaignMembers.CountAsync(member => member.State == MemberState.Told),
            await db.DrawTickets.CountAsync(ticket => !ticket.Void),
            findings.Count == 0 ? "ok" : $"{findings.Count} findings");
    }

    public string InWords() => $"""
        ══ 这个月
        　　房屋 {Houses} 户；出账 {BillsIssued} 张，共 {Narrator.Yuan(BilledFen)}
        　　微信消息送达 {MessagesSent} 条；缴费 {Payments} 笔，实收 {Narrator.Yuan(PaidFen)}，优惠 {Narrator.Yuan(DiscountFen)}
        　　群通知告知 {GroupMessages} 人次；发放积分 {PointsGranted}，兑换礼品 {Redemptions} 份，抽奖券 {DrawTickets} 张
        　　与微信账单核对一致 {ReconciledRows} 笔；发现差异 {Differences} 笔
        　　账目核对：{(Verify == "ok" ? "全部相符" : Verify)}
        """;
}
