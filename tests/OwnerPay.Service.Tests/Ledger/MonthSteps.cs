using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Reconciliation;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Ledger;

/// <summary>The end of a month as finance lives it.</summary>
public static class MonthSteps
{
    public static Task<Answer> ProposeClose(this Estate estate, string month) => estate.Finance.Post($"{estate.Path}/books/months/{month}/close");

    /// <summary>Finance proposes, the manager approves.</summary>
    public static async Task CloseMonth(this Estate estate, string month)
    {
        (await estate.ProposeClose(month)).Done();
        await estate.ApproveAll(estate.Manager);
    }

    public static async Task ReconcileDays(this Estate estate, params string[] days)
    {
        foreach (var day in days) (await estate.Run(day)).Done();
    }

    /// <summary>Waits until the schedule has reconciled every day of a stretch; WeChat gives out three fund-flow bills a second.</summary>
    public static Task UntilAllAreReconciled(this Estate estate, DateOnly from, DateOnly to) => Estate.Eventually(
        () => estate.Installation.Db(async db => await db.Set<ReconciledDay>().CountAsync(d => d.CommunityId == estate.CommunityId && d.Day >= from && d.Day <= to)
            == to.DayNumber - from.DayNumber + 1), $"reconciled from {from} to {to}", seconds: 240);
}
