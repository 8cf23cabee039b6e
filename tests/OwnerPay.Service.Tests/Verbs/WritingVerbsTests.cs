using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Verbs;

[Collection("SQLite has one writing process: these take turns")]
public sealed class WritingVerbsTests(Servers servers)
{
    const string Below = """
        {"rewards":[{"code":"umbrella","name":"雨伞","description":"","stock":20,"limitPerPerson":1,"from":"2026-12-01","to":"2026-12-31",
        "pickUpDays":7,"pickUpPlace":"物业前台",
        """;

    const string Rewards = Below + """ "costPoints":300}]}""";

    [Theory, EachDatabase]
    public async Task A_script_proposes_with_the_token_of_the_role_that_the_route_asks_for_and_with_no_other(Database database)
    {
        var estate = await servers.Estate(database);
        string[] import = ["import", "rewards", await File(Rewards), "--community", estate.Code, .. estate.Installation.Of()];

        var clerk = await CommandLine.Run(estate.Clerk.Token, import);
        Assert.Equal(3, clerk.ExitCode);
        Assert.Equal(3, (await CommandLine.Run(null, import)).ExitCode);
        Assert.Empty((await estate.Finance.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray());

        var manager = await CommandLine.Run(estate.Manager.Token, import);
        Assert.True(manager.ExitCode == 0, manager.Complaint);
        Assert.Equal(0, (await CommandLine.Run(estate.Manager.Token, import)).ExitCode);    // the same file again proposes nothing twice
        Assert.Single((await estate.Finance.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray());
    }

    [Theory]
    [InlineData("not json", "有误")]
    [InlineData("""{"rewards":[],"extra":1}""", "extra")]
    [InlineData(Below + """ "costPoints":-1}]}""", "rewards[0].costPoints")]
    [InlineData(Below + """ "costPoints":"5"}]}""", "costPoints")]
    public async Task A_file_with_a_fault_is_refused_as_strictly_as_a_request(string content, string named)
    {
        var estate = await servers.Estate(Database.Sqlite);
        var answer = await CommandLine.Run(estate.Manager.Token, ["import", "rewards", await File(content), "--community", estate.Code, .. estate.Installation.Of()]);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(named, answer.Complaint);
        Assert.Empty((await estate.Finance.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray());
    }

    static async Task<string> File(string content)
    {
        var path = Path.Combine(Path.GetTempPath(), "ownerpay-verb-" + Guid.CreateVersion7().ToString("N") + ".json");
        await System.IO.File.WriteAllTextAsync(path, content);
        return path;
    }
}
