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
    }

    static async Task ApproveAll(Story story)
    {
        var manager = story.Desk.As(StaffRole.Manager);
        foreach (var approval in (await manager.Get(story.Desk.Community + "/approvals?state=proposed"))["items"]!.AsArray())
            await manager.Post($"{story.Desk.Community}/approvals/{approval!["id"]!.GetValue<Guid>()}/approve", new { note = "同意" });
    }
}
