using System.Text.Json.Nodes;
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

    // A wording that fits the sample may still look wrong with a real name, a real amount and a real date.
    [Theory, EachDatabase]
    public async Task A_clerk_sees_a_template_with_a_real_house_before_he_proposes_it_and_each_channel_has_its_own_faults(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        var file = TestMessages.DemoTemplates(estate.Code)["templates"]!.AsArray();
        var reminder = file.Single(t => t!["kind"]!.GetValue<string>() == "bill.reminder.final")!.AsObject();
        Task<Answer> Preview(JsonNode template, string house = "1-1-0001") =>
            estate.Clerk.Post(estate.Path + "/messaging/templates/preview", new { template = template.DeepClone(), houseCode = house });
        async Task<string> Fault(Action<JsonObject> change)
        {
            var changed = reminder.DeepClone().AsObject();
            change(changed);
            var answer = await Preview(changed);
            return answer.Status == 400 ? answer["field"].GetValue<string>() : "";
        }

        Assert.True((await Preview(reminder)).Done()["isSample"].GetValue<bool>());
        await estate.IssueBills();
        var shown = (await Preview(reminder)).Done();
        Assert.False(shown["isSample"].GetValue<bool>());
        Assert.Contains("1-1-0001", shown["letter"].GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(("250.88元", 2), (shown["fields"]["amount3"]!.GetValue<string>(), shown["smsParts"].GetValue<int>()));
        Assert.Equal("house_not_found", (await Preview(reminder, "9-9-9999")).Code);
        Assert.Equal("template.sms.code", await Fault(t => t["sms"]!["code"] = "1234"));
        Assert.Equal("template.sms.text", await Fault(t => t["sms"]!["text"] = "【阳光物业】您好，{contact}"));
        Assert.Equal("template.sms.text", await Fault(t => t["sms"]!["text"] = "您有费用待缴"));    // no number to call
        Assert.Equal("template.email.subject", await Fault(t => t["email"]!["subject"] = "催缴\nBcc: all@example.com"));
        Assert.Equal("template.official.fields.character_string1",
            await Fault(t => t["official"]!["fields"] = new JsonObject { ["character_string1"] = "123456789012345678901" }));
        Assert.Equal("template.chain", await Fault(t => t["chain"] = new JsonArray("letter", "sms")));
        Assert.Equal("template.letter", await Fault(t => t["kind"] = "bill.reminder.first"));
        Assert.Equal(403, (await estate.Cashier.Post(estate.Path + "/messaging/templates/preview", new
        {
            template = reminder.DeepClone(),
            houseCode = "1-1-0001"
        })).Status);
    }
}
