using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Verbs;

[Collection("SQLite has one writing process: these take turns")]
public sealed class ReadingVerbsTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Verify_looks_beside_a_running_service_and_names_what_somebody_changed_behind_its_back(Database database)
    {
        var estate = await servers.Estate(database);
        string[] verify = ["verify", "--community", estate.Code, .. estate.Installation.Of()];

        var good = await CommandLine.Process(null, verify);
        Assert.True(good.ExitCode == 0, good.Output + good.Complaint);
        Assert.Contains("账目相符", good.Output);

        await estate.Installation.Db(db => db.Set<House>().Where(h => h.Id == estate.Houses[0].Id)
            .ExecuteUpdateAsync(set => set.SetProperty(h => h.AreaHundredths, h => h.AreaHundredths + 1)));
        var broken = await CommandLine.Run(null, verify);
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains(estate.Houses[0].Id.ToString("N"), broken.Output);
        Assert.Contains("发现", broken.Output);
    }

    [Fact]
    public async Task Verify_works_while_the_service_holds_the_writers_lock_and_writes()
    {
        var estate = await servers.Estate(Database.Sqlite);
        using var running = SingleWriter.Take(new DatabaseChoice(Path.Combine(estate.Installation.Folder, "data"), null));
        var good = await CommandLine.Run(null, ["verify", "--community", estate.Code, .. estate.Installation.Of()]);
        Assert.True(good.ExitCode == 0, good.Output + good.Complaint);
    }

    [Fact]
    public async Task A_reading_verb_makes_nothing_where_there_is_nothing()
    {
        var folder = Path.Combine(Path.GetTempPath(), "ownerpay-absent-" + Guid.CreateVersion7().ToString("N"));
        var (exitCode, _, complaint) = await CommandLine.Run(null, "verify", "--data", folder);
        Assert.Equal(1, exitCode);
        Assert.Contains("没有数据库", complaint);
        Assert.False(Directory.Exists(folder));
    }

    // Books recomputed by rules of another version would show damage that is none, or none where there is.
    [Theory, EachDatabase]
    public async Task Verify_refuses_a_database_that_waits_for_an_upgrade_or_was_upgraded_by_a_newer_program(Database database)
    {
        await using var installation = await servers.Own(database);
        var last = (await installation.Db(async db => await db.Database.GetAppliedMigrationsAsync())).Last();
        string[] verify = ["verify", .. installation.Of()];

        await installation.Db(db => db.Database.ExecuteSqlAsync($"UPDATE __EFMigrationsHistory SET MigrationId = '20990101000000_Later' WHERE MigrationId = {last}"));
        var newer = await CommandLine.Run(null, verify);
        Assert.Equal(1, newer.ExitCode);
        Assert.Contains("20990101000000_Later", newer.Complaint);
        Assert.Contains("更新版本", newer.Complaint);

        await installation.Db(db => db.Database.ExecuteSqlAsync($"DELETE FROM __EFMigrationsHistory WHERE MigrationId = '20990101000000_Later'"));
        var pending = await CommandLine.Run(null, verify);
        Assert.Equal(1, pending.ExitCode);
        Assert.Contains($"升级未执行（{last}）", pending.Complaint);
        Assert.Contains("启动一次服务", pending.Complaint);

        await installation.Db(db => db.Database.ExecuteSqlAsync($"INSERT INTO __EFMigrationsHistory (MigrationId, ProductVersion) VALUES ({last}, '9')"));
        Assert.Equal(0, (await CommandLine.Run(null, verify)).ExitCode);
    }

    [Fact]
    public async Task A_slip_of_the_pen_starts_no_service()
    {
        var (exitCode, _, complaint) = await CommandLine.Run(null, "verfy");
        Assert.Equal(2, exitCode);
        Assert.Contains("没有命令 verfy", complaint);
        Assert.Equal(2, (await CommandLine.Run(null, "explain")).ExitCode);
        Assert.Equal(2, (await CommandLine.Run(null, "verify", "nonsense")).ExitCode);
        Assert.Equal(2, (await CommandLine.Run(null, "issue-bills", "--from", "2026-13-01")).ExitCode);
    }

    [Theory, EachDatabase]
    public async Task Explain_says_plainly_that_an_order_is_unknown(Database database)
    {
        var installation = await servers.Shared(database);
        var (exitCode, _, complaint) = await CommandLine.Run(null, ["explain", Guid.CreateVersion7().ToString("N"), .. installation.Of()]);
        Assert.Equal(1, exitCode);
        Assert.Contains("没有找到订单", complaint);
    }
}
