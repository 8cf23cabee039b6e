using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Demo;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Tests.Ledger;

/// <summary>What the played month needs besides, so that every column of corrections has a row to be tampered with.</summary>
static class TamperCorrections
{
    public static async Task Play(Stage stage, Story story)
    {
        await using var scope = stage.Service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var line = await (from bill in db.Bills
                          where bill.State == BillState.Paid && bill.Beneficiary == Beneficiary.Company
                          join billLine in db.BillLines on bill.Id equals billLine.BillId
                          where billLine.AmountFen > 1_000
                          orderby billLine.Id
                          select billLine).AsNoTracking().FirstAsync();
        await story.Desk.As(StaffRole.Finance).Post($"{story.Desk.Community}/bills/{line.BillId}/adjustments",
            new { reason = "面积有误", evidence = "测绘报告 18", lines = new[] { new { billLineId = line.Id, fen = -500 } } });
        await ApproveAll(story);
        await Grants(db, story);
    }

    /// <summary>A waiver, a deferral, a plan and published loan rates.</summary>
    static async Task Grants(OwnerPayDb db, Story story)
    {
        var (finance, at) = (story.Desk.As(StaffRole.Finance), story.Desk.Community);
        var bills = await db.Bills.AsNoTracking().Where(b => b.State == BillState.Open && b.OpenFen > 1_000 && b.Beneficiary == Beneficiary.Company)
            .OrderBy(b => b.Id).Take(3).ToListAsync();
        await finance.Post($"{at}/bills/{bills[0].Id}/waivers", new { principalFen = 100, lateFeeFen = 0, reason = "电梯停运补偿", evidence = "工单 331" });
        await finance.Post(at + "/deferrals",
            new { billIds = new[] { bills[1].Id }, until = $"{bills[1].DueOn.AddDays(120):yyyy-MM-dd}", reason = "业主住院" });
        await finance.Post(at + "/instalment-plans", new
        {
            billIds = new[] { bills[2].Id }, graceDays = 5, reason = "缴清有困难", parts = new[] { new { dueOn = "2027-03-31", fen = bills[2].OpenFen } },
        });
        await finance.Post(at + "/billing/loan-rates", new { rates = new[] { new { from = "2025-05-20", percentAYear = "3.00" } } });
        await ApproveAll(story);
    }

    static async Task ApproveAll(Story story)
    {
        var manager = story.Desk.As(StaffRole.Manager);
        foreach (var approval in (await manager.Get(story.Desk.Community + "/approvals?state=proposed"))["items"]!.AsArray())
            await manager.Post($"{story.Desk.Community}/approvals/{approval!["id"]!.GetValue<Guid>()}/approve", new { note = "同意" });
    }
}
