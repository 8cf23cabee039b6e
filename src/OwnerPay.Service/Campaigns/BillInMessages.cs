using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>What all messages about a bill ask of it.</summary>
static class BillInMessages
{
    /// <returns>Null when it is paid or withdrawn: nobody is asked to pay it.</returns>
    public static Task<Bill?> ToPay(this OwnerPayDb db, Guid bill, CancellationToken cancel) =>
        db.Bills.AsNoTracking().SingleOrDefaultAsync(b => b.Id == bill && b.State == BillState.Open && b.OpenFen > 0, cancel);

    /// <summary>Why nobody may be called late with it: it is disputed, put off or paid by instalments.</summary>
    public static async Task<string?> NotLate(this OwnerPayDb db, Guid bill, DateOnly today, CancellationToken cancel)
    {
        var stops = await BillStops.LoadOne(db, bill, [], cancel);
        return stops.PutOffOn(today) || stops.DisputedOn(today) ? "not-late" : null;
    }

    /// <summary>The newest bill of a house, for a preview.</summary>
    public static Task<Guid?> NewestBill(this OwnerPayDb db, Guid house, CancellationToken cancel) =>
        db.Bills.Where(b => b.HouseId == house && b.State != BillState.Voided).OrderByDescending(b => b.DueOn).ThenBy(b => b.Id)
            .Select(b => (Guid?)b.Id).FirstOrDefaultAsync(cancel);

    /// <summary>The persons who owe it.</summary>
    public static async Task<IReadOnlyCollection<Guid>?> DebtorsOf(this OwnerPayDb db, Guid bill, CancellationToken cancel)
    {
        var party = await db.Bills.Where(b => b.Id == bill).Select(b => b.PartyId).SingleAsync(cancel);
        return [.. (await PartyMembers.Of(db, [party], cancel))[party]];
    }

    /// <summary>A day as people read it: <c>2026年12月1日</c>.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy年M月d日", CultureInfo.InvariantCulture);
}
