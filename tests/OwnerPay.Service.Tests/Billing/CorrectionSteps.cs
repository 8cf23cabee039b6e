using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

/// <summary>What happens when a bill is wrong, in the words of the field.</summary>
public static class CorrectionSteps
{
    public static Task<Answer> ProposeAdjustment(this Estate estate, Guid bill, Guid line, long fen, Api? by = null) =>
        (by ?? estate.Finance).Post($"{estate.Path}/bills/{bill}/adjustments", new { reason = "面积有误", evidence = "测绘报告 2026-18", lines = new[] { new { billLineId = line, fen } } });

    public static Task<Answer> ProposeVoid(this Estate estate, Guid bill, Api? by = null) =>
        (by ?? estate.Finance).Post($"{estate.Path}/bills/{bill}/void", new { reason = "收费标准用错", evidence = "会议纪要 12-3" });

    /// <summary>The manager decides about what an answer proposed.</summary>
    public static Task<Answer> Approve(this Estate estate, Answer proposed, Api? by = null) =>
        (by ?? estate.Manager).Post($"{estate.Path}/approvals/{proposed.Done()["approvalId"].GetValue<Guid>()}/approve", new { note = "同意" });

    /// <summary>Proposed by finance, approved by the manager.</summary>
    public static async Task Adjust(this Estate estate, Guid bill, Guid line, long fen) => (await estate.Approve(await estate.ProposeAdjustment(bill, line, fen))).Done();

    public static async Task VoidBill(this Estate estate, Guid bill) => (await estate.Approve(await estate.ProposeVoid(bill))).Done();

    /// <summary>The only bill of a house that is not voided.</summary>
    public static async Task<Bill> LiveBill(this Estate estate, TestHouse house) =>
        (await estate.Bills()).Single(b => b.HouseId == house.Id && b.State != BillState.Voided);

    public static async Task<BillLine[]> LinesOf(this Estate estate, Guid bill) => [.. (await estate.Lines()).Where(l => l.BillId == bill).OrderBy(l => l.Number)];

    public static async Task<BillLine> FirstLine(this Estate estate, Guid bill) => (await estate.LinesOf(bill))[0];

    public static async Task<Answer> Bill(this TestOwner owner, Guid bill) => (await owner.Api.Get($"{owner.Path}/bills/{bill}")).Done();

    /// <summary>Fen by account of a community, accounts of 0 left out.</summary>
    public static Task<SortedDictionary<string, long>> Balances(this Estate estate) => estate.Installation.Db(async db =>
    {
        var postings = db.Set<OwnerPay.Service.Ledger.Posting>();
        var sums = await postings.Where(p => p.CommunityId == estate.CommunityId && p.Commodity == OwnerPay.Service.Ledger.Posting.Yuan)
            .GroupBy(p => p.Account).Select(g => new { g.Key, Fen = g.Sum(p => p.Amount) }).Where(g => g.Fen != 0).ToListAsync();
        return new SortedDictionary<string, long>(sums.ToDictionary(s => s.Key, s => s.Fen), StringComparer.Ordinal);
    });

    /// <summary>A staff member of one role gets a second one, so that only the two-people rule stands in his way.</summary>
    public static Task AlsoManager(this Estate estate, StaffRole role) => estate.GiveRole(role, StaffRole.Manager);

    public static Guid Id(this JsonNode? node, string name) => node![name]!.GetValue<Guid>();
}
