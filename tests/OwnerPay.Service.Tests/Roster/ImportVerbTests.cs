using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Tests.Verbs;

namespace OwnerPay.Service.Tests.Roster;

/// <summary>The command line as a script calls it: the real program in a process of its own.</summary>
[Collection("SQLite has one writing process: these take turns")]
public sealed class ImportVerbTests(Servers servers)
{
    static string[] Import(Estate estate, string file, params string[] more) =>
        ["import", "roster", Path.Combine(DemoRoster.Folder, file), .. estate.Installation.Of(), .. more];

    static Task<int> Houses(Estate estate) => estate.Installation.Db(db => db.Houses.CountAsync(h => h.CommunityId == estate.CommunityId));

    [Theory, EachDatabase]
    public async Task A_script_with_a_clerks_token_imports_the_demo_estate(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);

        var (exitCode, output, complaint) = await CommandLine.Process(estate.Clerk.Token, Import(estate, "roster.xlsx"));

        Assert.True(exitCode == 0, complaint);
        Assert.Contains("读取 1255 行：写入 1254，未变 1，跳过 0，有误 0。", output);
        Assert.Equal(480, await Houses(estate));
    }

    [Fact]
    public async Task A_script_learns_every_fault_and_fails_unless_it_asks_for_the_good_rows()
    {
        var estate = await servers.Estate(Database.Sqlite, houses: 0);

        var refused = await CommandLine.Run(estate.Clerk.Token, Import(estate, "roster-bad.xlsx"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("有误：房屋 第 4 行 建筑面积(㎡)：面积为 0；应为：大于 0", refused.Output);
        Assert.Contains("读取 98 行：写入 0，未变 0，跳过 71，有误 27。", refused.Output);
        Assert.Contains("没有写入任何内容", refused.Complaint);
        Assert.Equal(0, await Houses(estate));

        var good = await CommandLine.Run(estate.Clerk.Token, Import(estate, "roster-bad.xlsx", "--good-rows"));
        Assert.True(good.ExitCode == 0, good.Complaint);
        Assert.Contains("读取 98 行：写入 59，未变 1，跳过 11，有误 27。", good.Output);
    }

    [Fact]
    public async Task Whoever_has_no_token_the_wrong_role_or_no_file_is_told_so_and_nothing_is_stored()
    {
        var estate = await servers.Estate(Database.Sqlite, houses: 0);

        var anonymous = await CommandLine.Run(null, Import(estate, "roster.xlsx"));
        Assert.Equal(3, anonymous.ExitCode);
        Assert.Contains("OWNERPAY_TOKEN", anonymous.Complaint);
        Assert.Equal(3, (await CommandLine.Run("opt_" + new string('x', 40), Import(estate, "roster.xlsx"))).ExitCode);
        Assert.Equal(3, (await CommandLine.Run(estate.Finance.Token, Import(estate, "roster.xlsx"))).ExitCode);
        Assert.Contains("用法", (await CommandLine.Run(estate.Clerk.Token, ["import", "roster"])).Complaint);
        Assert.Contains("找不到文件", (await CommandLine.Run(estate.Clerk.Token, Import(estate, "absent.xlsx"))).Complaint);
        Assert.Equal(0, await Houses(estate));
    }

    [Fact]
    public async Task On_sqlite_a_verb_that_writes_waits_for_no_running_service_but_says_that_it_is_there()
    {
        var estate = await servers.Estate(Database.Sqlite, houses: 0);
        using var running = SingleWriter.Take(new DatabaseChoice(Path.Combine(estate.Installation.Folder, "data"), null));

        var (exitCode, _, complaint) = await CommandLine.Run(estate.Clerk.Token, Import(estate, "roster.xlsx"));

        Assert.Equal(1, exitCode);
        Assert.Contains("另一个进程正在使用数据目录", complaint);
        Assert.Equal(0, await Houses(estate));
    }
}
