using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Reconciliation;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Reconciliation;

public sealed class BillFileTests(Servers servers)
{
    // What others paid for: the summary line taken for a trade, an empty bill breaking the parser, columns by position.
    [Theory, EachDatabase]
    [Trait("Incident", "36")]
    public async Task A_cut_or_forged_bill_is_never_taken_for_a_quiet_day_it_raises_an_alarm_and_is_fetched_again(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), Mornings.JobsSleep);
        var estate = await installation.BilledEstate(houses: 1);
        await (await estate.SignInAll()).EachPays();
        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));

        async Task<string?> RunWith(string kind, int count)
        {
            await estate.EmulatorPost("/admin/faults", new { kind, count });
            return (await estate.Run("2026-12-10")).Code;
        }

        Assert.Equal("bill_not_ready", await RunWith("billNotReady", 1));
        Assert.Equal("bill_unusable", await RunWith("billCut", 1));
        Assert.Equal("bill_unusable", await RunWith("billHashWrong", 2));    // one wrong hash is mended by a new application at once
        Assert.Equal(0, await installation.Db(db => db.WeChatBillFiles.CountAsync()));
        Assert.Equal(0, await installation.Db(db => db.ReconciledDays.CountAsync()));
        Assert.Equal("day_not_found", (await estate.Close("2026-12-10")).Code);

        Assert.Null(await RunWith("billHashWrong", 1));
        Assert.Equal(1, (await estate.Day("2026-12-10"))["accounts"][0]!.Fen("matchedRows"));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_bill_that_cannot_be_used_is_retried_by_itself_and_finance_hears_of_it(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), Mornings.JobsHurry);
        var estate = await installation.BilledEstate(houses: 1);
        await (await estate.SignInAll()).EachPays();
        await estate.EmulatorPost("/admin/faults", new { kind = "billCut", count = 1 });

        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        await estate.UntilReconciled("2026-12-10");

        var heard = await installation.Db(db => db.WorkItems.Where(item => item.CommunityId == estate.CommunityId).ToListAsync());
        // Told, and over again.
        Assert.Equal([(ReconcileDays.AlarmKind, WorkItemState.Done, "")],
            heard.Select(item => (item.Kind, item.State, item.State == WorkItemState.Open ? item.Detail : "")));
        Assert.Equal(0, await installation.Db(db => db.BillFetches.CountAsync()));
        Assert.Empty(await estate.Verify());
    }

    // What others paid for: reconciliation silently left out for want of one setting, and nobody knew.
    [Theory, EachDatabase]
    [Trait("Incident", "30")]
    public async Task A_weekend_without_power_skips_no_night_and_the_job_runs_without_being_switched_on(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), Mornings.JobsHurry);
        var estate = await installation.BilledEstate(houses: 2);
        var owners = await estate.SignInAll();
        await owners[0].PayAll();
        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:29"));
        await owners[1].PayAll();
        Assert.Empty(await estate.Days());    // a minute too early for anybody

        installation.Clock.MoveTo(Mornings.At("2026-12-14", "10:31"));
        await estate.UntilReconciled("2026-12-10", "2026-12-11", "2026-12-12", "2026-12-13");

        var days = (await estate.Days())
            .Select(day => (Day: day!["day"]!.GetValue<string>(), Rows: day.Fen("billRows"), Open: day.Fen("openDifferences"))).ToList();
        Assert.Equal([("2026-12-13", 0L, 0L), ("2026-12-12", 0, 0), ("2026-12-11", 1, 0), ("2026-12-10", 1, 0)], days);
        Assert.Equal(4, await installation.Db(db => db.WeChatBillFiles.CountAsync(f => f.Empty)));    // trade and fund-flow bills of two quiet days
        var beats = await installation.Db(db => db.JobHeartbeats.Where(h => h.Name == "reconcile-days").ToListAsync());
        Assert.NotNull(beats.Single().LastGoodAt);
        foreach (var (day, _, _) in days) (await estate.Close(day)).Done();
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task The_bill_of_a_busy_merchant_comes_back_from_the_database_to_the_byte(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var chance = new Random(Seed.OfToday());
        // Around one part, and around as many as come by one query.
        foreach (var length in (int[])[1, WeChatBillPart.Size, WeChatBillPart.Size * WeChatBillPart.AtOnce, WeChatBillPart.Size * (2 * WeChatBillPart.AtOnce + 3)])
        {
            var content = new byte[length];
            chance.NextBytes(content);    // packs into no less
            using var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(content);
            var file = new WeChatBillFile { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, MerchantAccountId = Guid.CreateVersion7(), Kind = FetchWeChatBills.Trade };
            await estate.Installation.Db(async db =>
            {
                db.Add(file);
                await FetchWeChatBills.AddParts(db, file, packed, default);
                using var read = new MemoryStream();
                await using (var plain = FetchWeChatBills.Open(db, file)) await plain.CopyToAsync(read);
                Assert.Equal(content, read.ToArray());
                Assert.Equal((packed.Length + WeChatBillPart.Size - 1) / WeChatBillPart.Size, await db.WeChatBillParts.CountAsync(p => p.FileId == file.Id));
                await db.WeChatBillParts.Where(p => p.FileId == file.Id).ExecuteDeleteAsync();
                return await db.WeChatBillFiles.Where(f => f.Id == file.Id).ExecuteDeleteAsync();
            });
        }
        Assert.Empty(await estate.Verify());
    }
}
