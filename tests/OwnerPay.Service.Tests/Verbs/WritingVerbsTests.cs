using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Reconciliation;
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

    const string Tariffs = """
        {"feeKinds":[{"code":"property","name":"物业费","beneficiary":"company","promotable":true,"taxCode":"3040801010000000000","taxRatePerMillion":60000}],
        "tariffs":[{"feeKind":"property","slot":"base","name":"住宅物业费","formula":"areaPrice","unitPriceYuan":"2.80","scope":"community","from":"2020-01-01"}]}
        """;

    const string Offers = """
        {"offers":[{"code":"early","name":"早鸟九五折","kind":"earlyBird","feeKinds":["property"],"start":"2026-12-01T00:00:00+08:00",
        "end":"2027-12-16T00:00:00+08:00","stackingGroup":"early-bird","priority":10,"percent":"5"}]}
        """;

    [Theory, EachDatabase]
    public async Task A_script_proposes_with_the_token_of_the_role_that_the_route_asks_for_and_with_no_other(Database database)
    {
        var estate = await servers.Estate(database);
        var file = await File(Rewards);

        Assert.Equal(3, (await Import(estate, estate.Clerk, "rewards", file)).ExitCode);
        Assert.Equal(3, (await Import(estate, null, "rewards", file)).ExitCode);
        Assert.Empty(await Proposed(estate));

        Assert.Contains("已提交 1 种礼品", await Done(Import(estate, estate.Manager, "rewards", file)));
        Assert.Single(await Proposed(estate));
    }

    [Theory, EachDatabase]
    public async Task Finance_imports_published_loan_rates_that_a_manager_approves(Database database)
    {
        await using var estate = await servers.Estate(database);
        var file = Path.Combine(Architecture.Repository.Root, "config", "demo", "lpr.json");

        Assert.Equal(3, (await Import(estate, estate.Clerk, "lpr", file)).ExitCode);
        Assert.Contains("已提交 13 条一年期 LPR 利率", await Done(Import(estate, estate.Finance, "lpr", file)));
        await estate.ApproveAll(estate.Manager);
        Assert.Equal(3m, (await estate.Finance.Get($"{estate.Path}/billing/loan-rates")).Done().Body![0]!["percentAYear"]!.GetValue<decimal>());
    }

    // A nightly script, or a clerk who is not sure whether it worked, must not put the same prices before finance again and again.
    [Theory, EachDatabase]
    public async Task A_file_that_two_people_import_three_times_is_proposed_once_and_again_only_when_somebody_says_so(Database database)
    {
        var estate = await servers.Estate(database);
        await estate.GiveRole(StaffRole.Manager, StaffRole.Clerk);
        var (first, copy) = (await File(Tariffs), await File(Tariffs));

        Assert.Contains("已提交 1 个费用科目和 1 条收费标准", await Done(Import(estate, estate.Clerk, "tariffs", first)));
        foreach (var (by, file) in new[] { (estate.Clerk, first), (estate.Clerk, copy), (estate.Manager, first) })
            Assert.Contains("没有重复提交。当时：已提交 1 个费用科目", await Done(Import(estate, by, "tariffs", file)));
        Assert.Single(await Proposed(estate));

        Assert.Contains("已提交 1 个费用科目", await Done(Import(estate, estate.Clerk, "tariffs", first, "--again")));
        Assert.Equal(2, (await Proposed(estate)).Count);
    }

    [Theory, EachDatabase]
    public async Task An_estate_is_set_up_and_billed_by_scripts_alone(Database database)
    {
        var estate = await servers.Estate(database);
        var offers = await File(Offers);
        // Refused because the fee kind is not there yet; what was refused is no import, and the same file counts later.
        Assert.Contains("[offers_invalid]", (await Import(estate, estate.Manager, "offers", offers)).Complaint);

        await Done(Import(estate, estate.Clerk, "tariffs", await File(Tariffs)));
        await estate.ApproveAll(estate.Finance);
        Assert.Contains("已提交 1 项优惠活动", await Done(Import(estate, estate.Manager, "offers", offers)));
        Assert.Contains("没有重复提交", await Done(Import(estate, estate.Manager, "offers", offers)));
        await estate.ApproveAll(estate.Finance);
        Assert.Equal("active", (await estate.Finance.Get(estate.Path + "/promotions/offers")).Done()["items"][0]!["state"]!.GetValue<string>());
        var demo = TestMessages.DemoTemplates(estate.Code);
        var templates = await File(demo.ToJsonString());
        Assert.Contains($"已提交 {TestMessages.Count(demo)} 个消息模板", await Done(Import(estate, estate.Clerk, "templates", templates)));
        Assert.Contains("没有重复提交", await Done(Import(estate, estate.Clerk, "templates", templates)));
        await estate.ApproveAll(estate.Manager);

        string[] preview = ["issue-bills", "--from", "2026-12-01", "--to", "2026-12-31", "--due", "2026-12-31", "--fee-kinds", "property"];
        var told = await Done(Run(estate, estate.Clerk, preview));
        Assert.Contains("2 张账单，合计 502.04 元", told);
        var run = told[(told.IndexOf("--confirm ", StringComparison.Ordinal) + 10)..].Trim()[..32];
        Assert.Empty(await estate.Bills());
        Assert.Equal(3, (await Run(estate, estate.Clerk, "issue-bills", "--confirm", run)).ExitCode);
        Assert.Contains("已出账：2 张账单，合计 502.04 元", await Done(Run(estate, estate.Finance, "issue-bills", "--confirm", run)));
        Assert.Contains("已出账：2 张账单", await Done(Run(estate, estate.Finance, "issue-bills", "--confirm", run)));    // a repeated script is told the same
        Assert.Equal([25_088, 25_116], (await estate.Bills()).Select(bill => bill.AmountFen).Order());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_paid_day_is_reconciled_by_a_script_with_finances_token_and_differences_fail_it(Database database)
    {
        // The verb is a process of its own and lives in real time: the owners paid three days ago.
        var begin = TimeProvider.System.GetUtcNow().AddDays(-3);
        await using var installation = await servers.Own(database, 1, begin, Mornings.JobsSleep);
        await using var estate = await installation.BilledEstate(houses: 2);
        await (await estate.SignInAll()).EachPays();
        installation.Clock.MoveTo(TimeProvider.System.GetUtcNow());
        var day = Platform.Clock.DateOf(begin).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        string[] reconcile =
            ["reconcile", "--day", day, "--environment=Development", $"--OwnerPay:WeChatPayUrl={installation.Emulator.BaseAddress}"];

        Assert.Equal(3, (await Run(estate, estate.Clerk, reconcile)).ExitCode);
        Assert.Contains("账单 2 行，相符 2 行", await Done(Run(estate, estate.Finance, reconcile)));
        Assert.Contains("差异 0 处", await Done(Run(estate, estate.Finance, reconcile)));    // a day that is done answers what came of it
        var tomorrow = await Run(estate, estate.Finance, ["reconcile", "--day", "2099-01-01", .. reconcile[3..]]);
        Assert.Equal(1, tomorrow.ExitCode);
        Assert.Contains("[day_not_over]", tomorrow.Complaint);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_merchants_file_sets_account_and_mini_program_together_and_only_for_who_may_do_both(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, 1);
        var content = JsonSerializer.SerializeToNode(installation.Emulator.Merchant, JsonSerializerOptions.Web)!;
        var (appId, secret) = ("wx" + estate.Code[1..], "secret-of-" + estate.Code);
        (content["appid"], content["appsecret"]) = (appId, secret);
        var file = await File(content.ToJsonString());

        // The estate's admin has the right to its merchant accounts, not to a mini-program that all estates share.
        var refused = await Import(estate, estate.Admin, "merchant", file);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("appsecret", refused.Complaint);
        Assert.False(await installation.Db(db => db.MerchantAccounts.AnyAsync(m => m.AppId == appId)));

        await estate.Change(async db =>
        {
            var admin = await db.RoleGrants.SingleAsync(g => g.CommunityId == estate.CommunityId && g.Role == StaffRole.Admin);
            db.Add(new RoleGrant
            {
                Id = Guid.CreateVersion7(), StaffId = admin.StaffId, Role = StaffRole.Admin, State = RoleGrantState.Granted, ProposedBy = admin.StaffId,
                CreatedAt = admin.CreatedAt,
            });
        });
        var told = await Done(Import(estate, estate.Admin, "merchant", file));
        Assert.Contains($"已设置小程序 {appId} 的密钥", told);
        Assert.DoesNotContain(secret, told);
        Assert.True(await installation.Db(db => db.MerchantAccounts.AnyAsync(m => m.AppId == appId && m.CommunityId == estate.CommunityId)));
        await using var scope = installation.Services.CreateAsyncScope();
        Assert.True(await scope.ServiceProvider.GetRequiredService<MiniPrograms>().Holds(appId, secret, default));

        Assert.Contains("密钥未变", await Done(Import(estate, estate.Admin, "merchant", file)));
        Assert.Equal(1, await installation.Db(db => db.AuditEntries.CountAsync(e => e.Action == "mini-program.added")));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Keys_of_a_merchant_that_cannot_work_end_the_verb_with_one_line_that_names_merchant_setting_and_reason(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var content = JsonSerializer.SerializeToNode(estate.Installation.Emulator.Merchant, JsonSerializerOptions.Web)!.AsObject();
        content.Remove("appsecret");
        content["merchantCertificateSerial"] = new string('A', 40);

        // The verb is a process of its own and must be told where WeChat is: only WeChat knows that the serial is another key's.
        var refused = await CommandLine.Process(estate.Admin.Token, ["import", "merchant", await File(content.ToJsonString()), "--community", estate.Code,
            "--environment=Development", $"--OwnerPay:WeChatPayUrl={estate.Installation.Emulator.BaseAddress}", .. estate.Installation.Of()]);

        Assert.Equal(1, refused.ExitCode);
        var line = Assert.Single(refused.Complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"merchant {estate.Installation.Emulator.Merchant.Mchid}: certificate serial does not match the private key", line, StringComparison.Ordinal);
        Assert.Contains("merchantCertificateSerial", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", "有误")]
    [InlineData("""{"rewards":[],"extra":1}""", "extra")]
    [InlineData(Below + """ "costPoints":-1}]}""", "rewards[0].costPoints")]
    [InlineData(Below + """ "costPoints":"5"}]}""", "costPoints")]
    public async Task A_file_with_a_fault_is_refused_as_strictly_as_a_request(string content, string named)
    {
        var estate = await servers.Estate(Database.Sqlite);
        var answer = await Import(estate, estate.Manager, "rewards", await File(content));
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(named, answer.Complaint);
        Assert.Empty(await Proposed(estate));
    }

    static async Task<JsonArray> Proposed(Estate estate) => (await estate.Finance.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray();

    static Task<(int ExitCode, string Output, string Complaint)> Import(Estate estate, Api? by, string kind, string file, params string[] more) =>
        Run(estate, by, ["import", kind, file, .. more]);

    static Task<(int ExitCode, string Output, string Complaint)> Run(Estate estate, Api? by, params string[] args) =>
        CommandLine.Run(by?.Token, [.. args, "--community", estate.Code, .. estate.Installation.Of()]);

    static async Task<string> Done(Task<(int ExitCode, string Output, string Complaint)> run)
    {
        var (exitCode, output, complaint) = await run;
        Assert.True(exitCode == 0, output + complaint);
        return output;
    }

    static async Task<string> File(string content)
    {
        var path = Path.Combine(Path.GetTempPath(), "ownerpay-verb-" + Guid.CreateVersion7().ToString("N") + ".json");
        await System.IO.File.WriteAllTextAsync(path, content);
        return path;
    }
}
