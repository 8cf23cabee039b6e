using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Demo;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Ledger;

/// <summary>What the played month needs besides of messages that cost something: settings, and a last demand that is posted.</summary>
static class MessagingMonth
{
    public static async Task Play(Stage stage, Story story)
    {
        var (clerk, manager, at) = (story.Desk.As(StaffRole.Clerk), story.Desk.As(StaffRole.Manager), story.Desk.Community + "/messaging");
        await manager.Put(at + "/settings", new
        {
            opens = "09:00:00", closes = "20:30:00", remindersPerWeek = 2, reminderDaysApart = 2, smsFen = 5,
            letterFen = 2_200
        });
        await using (var scope = stage.Service.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
            var today = scope.ServiceProvider.GetRequiredService<Clock>().Today();
            var (bills, pauses) = (db.Bills, db.LateFeePauses);
            var bill = await bills.AsNoTracking().Where(b => b.State == BillState.Open && b.DueOn < today && !pauses.Any(p => p.BillId == b.Id))
                .OrderBy(b => b.Id).FirstAsync();
            var debtor = (await PartyMembers.Of(db, [bill.PartyId], default))[bill.PartyId].First();
            await scope.ServiceProvider.GetRequiredService<Messages>().Tell(BillReminders.Final, bill.CommunityId, debtor, bill.Id, bill.HouseId,
                null, default);
            await db.SaveChangesAsync();
        }
        Guid? letter = null;
        await Estate.Eventually(async () => (letter = (await clerk.Get(at + "/letters"))["items"]!.AsArray()
            .FirstOrDefault()?["letterId"]!.GetValue<Guid>()) is not null,
            "the letter is made");
        await clerk.Post($"{at}/letters/{letter}/post", new { tracking = "EX12345678", postedOn = "2027-01-01" });
    }
}
