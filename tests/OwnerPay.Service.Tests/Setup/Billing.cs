namespace OwnerPay.Service.Tests.Setup;

/// <summary>The usual tariffs, offers and bill runs of test estates, all by API and by two people.</summary>
public static class UsualBilling
{
    /// <summary>Property fee 2.80 yuan per m² and month, 6 % tax, late fee 5 in 10,000 a day.</summary>
    public static async Task SetTariffs(this Estate estate)
    {
        (await estate.Clerk.Post(estate.Path + "/billing/tariffs", new
        {
            feeKinds = new[]
            {
                new
                {
                    code = "property", name = "物业费", beneficiary = "company", promotable = true, taxCode = "3040801010000000000", taxRatePerMillion = 60000,
                    lateFeePerMillion = 500, graceDays = 0, lateFeeCapPercent = 100,
                },
            },
            tariffs = new[] { new { feeKind = "property", slot = "base", name = "住宅物业费", formula = "areaPrice", unitPriceYuan = "2.8000", scope = "community", from = "2020-01-01" } },
        })).Done();
        await estate.ApproveAll(estate.Finance);
    }

    /// <summary>Approves all that is proposed, as this person.</summary>
    public static async Task ApproveAll(this Estate estate, Api approver)
    {
        var waiting = (await approver.Get(estate.Path + "/approvals?state=proposed")).Done();
        foreach (var approval in waiting["items"].AsArray())
            (await approver.Post($"{estate.Path}/approvals/{approval!["id"]!.GetValue<Guid>()}/approve", new { note = "同意" })).Done();
    }

    /// <summary>Previews as clerk, confirms as finance.</summary>
    /// <returns>The run's id.</returns>
    public static async Task<Guid> IssueBills(this Estate estate, string from = "2026-12-01", string to = "2026-12-31", string due = "2026-12-31", params string[] feeKinds)
    {
        var run = (await estate.Clerk.Post(estate.Path + "/billing/runs", new { periodFrom = from, periodTo = to, dueOn = due, feeKinds = feeKinds.Length > 0 ? feeKinds : ["property"] })).Done();
        var id = run["runId"].GetValue<Guid>();
        (await estate.Finance.Post($"{estate.Path}/billing/runs/{id}/confirm")).Done();
        return id;
    }
}
