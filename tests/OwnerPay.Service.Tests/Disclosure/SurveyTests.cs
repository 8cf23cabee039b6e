using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Disclosure.Surveys;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Documents;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Disclosure;

/// <summary>Surveys: each voice once, and an anonymous one nobody's.</summary>
public sealed class SurveyTests(Servers servers)
{
    static object Survey(bool anonymous, string unit = "house", string to = "2026-12-31") => new
    {
        title = "服务满意度", intro = "请您花一分钟。", anonymous, unit, to,
        questions = new object[]
        {
            new { kind = "one", text = "保洁怎么样？", options = new[] { "好", "一般", "差" } },
            new { kind = "several", text = "哪些要改进？", options = new[] { "绿化", "电梯", "安保" }, required = false },
            new { kind = "scale", text = "总体打几分？" },
            new { kind = "text", text = "还有什么建议？", required = false },
        },
    };

    static async Task<Guid> Open(Estate estate, object survey)
    {
        var id = (await estate.Clerk.Post(estate.Path + "/surveys", survey)).Done()["surveyId"].GetValue<Guid>();
        (await estate.Clerk.Post($"{estate.Path}/surveys/{id}/publish")).Done();
        return id;
    }

    static async Task<Guid[]> Questions(TestOwner owner, Guid id) =>
        [.. (await owner.Api.Get(owner.Path + "/surveys")).Done()["items"].AsArray()
            .Single(s => s!["surveyId"]!.GetValue<Guid>() == id)!["questions"]!.AsArray()
            .Select(q => q!["questionId"]!.GetValue<Guid>())];

    static async Task<Answer> Fill(TestOwner owner, Guid id, int one, int scale, string? text = null, int[]? several = null, string? key = null)
    {
        var q = await Questions(owner, id);
        return await owner.Api.Post($"{owner.Path}/surveys/{id}/answers", new
        {
            answers = new object[]
            {
                new { questionId = q[0], choices = new[] { one } }, new { questionId = q[1], choices = several ?? [] },
                    new { questionId = q[2], choices = new[] { scale } },
                new { questionId = q[3], text },
            },
        }, key);
    }

    [Theory, EachDatabase]
    public async Task Each_house_answers_once_however_often_it_taps_and_nobody_reads_a_neighbours_name_or_number_in_a_free_text(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        var owners = await estate.SignInAll();
        var id = await Open(estate, Survey(anonymous: false));

        var taps = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Fill(owners[0], id, 1, 5, "业主2家太吵，请打13812345678", [1, 3, 3])));
        (await Fill(owners[1], id, 3, 2, several: [3])).Done();

        Assert.Single(taps, a => a.Status == 200);
        Assert.Equal(5, taps.Count(a => a.Code == "survey_answered"));
        var questions = (await estate.Manager.Get($"{estate.Path}/surveys/{id}/results")).Done()["questions"].AsArray();
        int[] Counts(int at) => [.. questions[at]!["options"]!.AsArray().Select(o => o!["count"]!.GetValue<int>())];
        Assert.Equal([1, 0, 1], Counts(0));
        Assert.Equal([1, 0, 2], Counts(1));
        Assert.Equal([0, 1, 0, 0, 1], Counts(2));
        Assert.Equal(350, questions[2]!["averageHundredths"]!.GetValue<int>());
        Assert.Equal("****家太吵，请打****", Assert.Single(questions[3]!["texts"]!.AsArray())!.GetValue<string>());
        Assert.Equal(200, (await estate.Fetch(estate.Clerk, estate.StaffApi($"/surveys/{id}/results/export.xlsx"))).Status);
        Assert.Equal("survey_answer_invalid", (await Fill(owners[2], id, 4, 5)).Code);
        Assert.Equal("survey_answer_invalid", (await Fill(owners[2], id, 1, 6)).Code);
        Assert.Equal("survey_answer_invalid", (await owners[2].Api.Post($"{owners[2].Path}/surveys/{id}/answers",
            new { answers = Array.Empty<object>() })).Code);
        (await estate.Clerk.Post($"{estate.Path}/surveys/{id}/close")).Done();
        Assert.Equal("survey_not_open", (await Fill(owners[2], id, 1, 5)).Code);
        Assert.Equal("survey_question_invalid", (await estate.Clerk.Post(estate.Path + "/surveys",
            new { title = "空题", intro = "", to = "2026-12-31", questions = new[] { new { kind = "one", text = "选什么？", options = new[] { "甲" } } } }))
                .Code);
        Assert.Equal("survey_window_invalid", (await estate.Clerk.Post(estate.Path + "/surveys", Survey(false, to: "2026-12-09"))).Code);
        await estate.Clean();
        await estate.Installation.Db(db => db.SurveyAnswers.Where(a => a.SurveyId == id && a.Text != "").ExecuteDeleteAsync());
        Assert.Equal("surveys", Assert.Single(await estate.Verify()).Check);
    }

    [Theory, EachDatabase]
    public async Task Nothing_in_the_database_leads_from_an_anonymous_answer_to_who_gave_it_and_few_answers_are_not_shown(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 6);
        await using var elsewhere = await servers.Estate(database, houses: 1);
        var (owners, stranger) = (await estate.SignInAll(), await elsewhere.SignIn(elsewhere.Houses[0]));
        var id = await Open(estate, Survey(anonymous: true, unit: "person"));
        var turns = await Turns(estate, id);    // as they stand before anybody answered

        for (var at = 5; at > 1; at--) (await Fill(owners[at], id, at % 3 + 1, 4, key: $"sheet-of-{at}-abc")).Done();

        Assert.Equal("survey_results_hidden", (await estate.Manager.Get($"{estate.Path}/surveys/{id}/results")).Code);    // still open
        var answers = await estate.Installation.Db(db => db.SurveyAnswers.AsNoTracking().Where(a => a.SurveyId == id).ToListAsync());
        Assert.Equal(16, answers.Count);
        Assert.All(answers, a => Assert.True(a is { HouseId: null, PersonId: null, At: null } && a.Id.Version == 4));
        Assert.Equal(turns, await Turns(estate, id));    // answering moves no row
        // The key of the call knows that somebody answered, not what: another sheet under it is the same to it.
        Assert.Equal(200, (await Fill(owners[5], id, 3, 1, key: "sheet-of-5-abc")).Status);
        var keys = await estate.Installation.Db(db => db.Set<OnceKey>().AsNoTracking().Where(k => k.Answer!.Contains(id.ToString())).ToListAsync());
        Assert.All(keys, k => Assert.DoesNotContain("choices", k.Answer!, StringComparison.OrdinalIgnoreCase));
        (await estate.Clerk.Post($"{estate.Path}/surveys/{id}/close")).Done();
        Assert.Equal("survey_results_hidden", (await estate.Manager.Get($"{estate.Path}/surveys/{id}/results")).Code);    // four sheets
        Assert.Equal("survey_not_found", (await stranger.Api.Post($"{stranger.Path}/surveys/{id}/answers", new { answers = Array.Empty<object>() }))
            .Code);
        Assert.Equal("survey_not_found", (await elsewhere.Manager.Get($"{elsewhere.Path}/surveys/{id}/results")).Code);
        await estate.Clean();

        var enough = await Open(estate, Survey(anonymous: true));
        foreach (var owner in owners[1..]) (await Fill(owner, enough, 1, 5)).Done();
        (await estate.Clerk.Post($"{estate.Path}/surveys/{enough}/close")).Done();
        Assert.Equal(5, (await estate.Manager.Get($"{estate.Path}/surveys/{enough}/results")).Done()["questions"][0]!["answers"]!.GetValue<int>());
        await estate.Change(async db =>
        {
            var answer = await db.SurveyAnswers.FirstAsync(a => a.SurveyId == enough);
            db.Entry(answer).Property(a => a.HouseId).CurrentValue = estate.Houses[0].Id;
        });
        Assert.Equal("surveys", Assert.Single(await estate.Verify()).Check);
    }

    static Task<List<Guid>> Turns(Estate estate, Guid id) => estate.Installation.Db(async db => estate.Installation.Kind == Database.Sqlite
        ? await db.Database.SqlQuery<Guid>($"SELECT UnitId AS Value FROM SurveyTurns WHERE SurveyId = {id} ORDER BY rowid").ToListAsync()
        : await db.SurveyTurns.Where(t => t.SurveyId == id).Select(t => t.UnitId).ToListAsync());
}
