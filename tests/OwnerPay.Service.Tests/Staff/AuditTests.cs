using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Staff;

public sealed class AuditTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task What_was_done_is_chained_without_gaps_even_by_two_instances_at_once(Database database)
    {
        var estate = await servers.Estate(database);
        await Write(estate, 1200);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Chain(estate)));
        await Write(estate, 3);
        await Chain(estate);

        var numbers = await estate.Installation.Db(db => db.Set<AuditEntry>().Where(e => e.CommunityId == estate.CommunityId).Select(e => e.ChainNumber).Order().ToListAsync());
        Assert.Equal(Enumerable.Range(1, 1203).Select(number => (long?)number), numbers);
        Assert.Empty(await Breaks(estate));
    }

    [Theory, EachDatabase]
    public async Task An_entry_that_was_rewritten_removed_or_cut_off_is_noticed(Database database)
    {
        var estate = await servers.Estate(database);
        await Write(estate, 5);
        await Chain(estate);
        Assert.Empty(await Breaks(estate));

        Task<int> Tamper(Func<IQueryable<AuditEntry>, Task<int>> how) => estate.Installation.Db(db => how(db.Set<AuditEntry>().Where(e => e.CommunityId == estate.CommunityId)));
        await Tamper(all => all.Where(e => e.ChainNumber == 2).ExecuteUpdateAsync(set => set.SetProperty(e => e.Detail, "{\"n\":99}")));
        Assert.Contains("校验值与内容不符", Assert.Single(await Breaks(estate)));
        await Tamper(all => all.Where(e => e.ChainNumber == 2).ExecuteUpdateAsync(set => set.SetProperty(e => e.Detail, "{\"n\":1}")));
        Assert.Empty(await Breaks(estate));
        await Tamper(all => all.Where(e => e.ChainNumber == 5).ExecuteDeleteAsync());
        Assert.Contains("止于", Assert.Single(await Breaks(estate)));
        await Tamper(all => all.Where(e => e.ChainNumber == 3).ExecuteDeleteAsync());
        Assert.Equal(3, (await Breaks(estate)).Count);
    }

    [Theory, EachDatabase]
    public async Task A_manager_reads_page_by_page_who_did_what_in_his_estate_and_a_clerk_does_not(Database database)
    {
        var estate = await servers.Estate(database);
        await Write(estate, 250);
        await Chain(estate);

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = (await estate.Manager.Get($"{estate.Path}/audit?cursor={cursor}")).Done();
            seen.AddRange(page["items"].AsArray().Select(item => item!["detail"]!["n"]!.ToString()));
            cursor = page.Body!["nextCursor"]?.GetValue<string>();
        } while (cursor is not null);
        Assert.Equal(250, seen.Distinct().Count());
        Assert.Equal("not_allowed", (await estate.Clerk.Get(estate.Path + "/audit")).Code);
        Assert.Equal("cursor_invalid", (await estate.Manager.Get(estate.Path + "/audit?cursor=zz")).Code);
    }

    static Task<int> Write(Estate estate, int entries) => estate.Installation.Db(db =>
    {
        for (var n = 0; n < entries; n++)
            db.Add(new AuditEntry
            {
                Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, At = estate.Installation.Clock.GetUtcNow().AddMilliseconds(n % 7), Actor = Audit.System,
                Action = "test.written", Detail = $"{{\"n\":{n}}}",
            });
        return db.SaveChangesAsync();
    });

    // The job may lose a dead-lock to the instances' own; it is then woken again.
    static Task Chain(Estate estate) => Estate.Eventually(async () =>
    {
        try
        {
            await estate.Installation.Start<ChainAudit>(job => job.Run(default));
        }
        catch (Exception failure) when (WriteFailure.MayBeRepeated(failure)) { return false; }
        return await estate.Installation.Db(db => db.Set<AuditEntry>().AllAsync(e => e.CommunityId != estate.CommunityId || e.ChainNumber != null));
    }, "all entries are chained");

    static async Task<List<string>> Breaks(Estate estate)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var found = new List<string>();
        await foreach (var (_, message) in AuditChain.Breaks(scope.ServiceProvider.GetRequiredService<OwnerPayDb>(), estate.CommunityId, default)) found.Add(message);
        return found;
    }
}
