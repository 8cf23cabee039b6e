using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Messaging;

public sealed class TemplateTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_template_is_in_force_when_a_manager_approved_it_and_ends_the_one_before(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var owner = await estate.SignIn(estate.Houses[0]);
        var file = TestMessages.DemoTemplates(estate.Code);
        (await estate.Clerk.Post(estate.Path + "/messaging/templates", file)).Done();
        Assert.Empty((await owner.Api.Get(owner.Path + "/message-templates")).Done()["templates"].AsArray());

        await estate.ApproveAll(estate.Manager);
        Assert.Equal(TestMessages.Count(file), (await owner.Api.Get(owner.Path + "/message-templates")).Done()["templates"].AsArray().Count);

        var again = (await estate.Clerk.Post(estate.Path + "/messaging/templates", file.DeepClone())).Done();
        Assert.All(again["templates"].AsArray(), template => Assert.Null(template!["approvalId"]));
        file["templates"]![0]!["inboxTitle"] = "新的账单";
        (await estate.Clerk.Post(estate.Path + "/messaging/templates", file)).Done();
        await estate.ApproveAll(estate.Manager);

        var all = (await estate.Manager.Get(estate.Path + "/messaging/templates")).Done()["templates"].AsArray();
        Assert.Equal(["active 2", "superseded 1"], all.Where(t => t!["kind"]!.GetValue<string>() == "bill.issued")
            .Select(t => $"{t!["state"]!.GetValue<string>()} {t["version"]!.GetValue<int>()}"));
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task Nobody_approves_the_template_that_he_proposed_and_a_manager_alone_decides(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var answer = (await estate.Clerk.Post(estate.Path + "/messaging/templates", TestMessages.DemoTemplates(estate.Code))).Done();
        var approval = answer["templates"]![0]!["approvalId"]!.GetValue<Guid>();

        Assert.Equal(403, (await estate.Clerk.Post($"{estate.Path}/approvals/{approval}/approve", new { })).Status);
        Assert.Equal(403, (await estate.Finance.Post($"{estate.Path}/approvals/{approval}/approve", new { })).Status);
        Assert.Equal(403, (await estate.Cashier.Post(estate.Path + "/messaging/templates", TestMessages.DemoTemplates(estate.Code))).Status);
    }

    // WeChat refuses a message whose field breaks its rule (47003); by then hundreds wait for it.
    [Theory]
    [InlineData("fields", "number1", "{house}", "template_invalid", "templates[0].fields.number1")]
    [InlineData("fields", "thing1", "{nobody}", "template_invalid", "templates[0].fields.thing1")]
    [InlineData("fields", "phrase9", "已经过期很久了", "template_invalid", "templates[0].fields.phrase9")]
    [InlineData("page", null, "/pages/bill", "template_invalid", "templates[0].page")]
    [InlineData("templateId", null, "short", "template_invalid", "templates[0].templateId")]
    [InlineData("inboxBody", null, "{nobody}您好", "template_invalid", "templates[0].inboxBody")]
    [InlineData("kind", null, "bill.lost", "message_kind_unknown", "templates[0].kind")]
    public async Task A_template_that_WeChat_would_refuse_is_refused_when_it_is_saved(string field, string? key, string text, string code,
        string where)
    {
        await using var estate = await servers.Estate(Database.Sqlite, houses: 1);
        var file = TestMessages.DemoTemplates(estate.Code);
        var template = file["templates"]![0]!.AsObject();
        if (key is null) template[field] = text;
        else template[field]!.AsObject()[key] = text;

        var answer = await estate.Clerk.Post(estate.Path + "/messaging/templates", file);

        Assert.Equal((400, code, where), (answer.Status, answer.Code, answer["field"].GetValue<string>()));
        Assert.Empty((await estate.Clerk.Get(estate.Path + "/messaging/templates")).Done()["templates"].AsArray());
    }
}
