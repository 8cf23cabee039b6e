using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Messaging;

public sealed class GrantTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_tap_counts_once_however_often_the_phone_repeats_it_and_ten_taps_count_ten_times(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var templates = await estate.SetTemplates();
        var owner = await estate.SignIn(estate.Houses[0]);
        Task<Answer> Accept(string? key = null) => owner.Api.Post("/grants", new { templateId = templates.BillIssued, result = "accept" }, key);

        var repeated = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Accept("one-and-the-same-tap")));
        Assert.All(repeated, answer => Assert.Equal(1, answer.Done()["left"].GetValue<int>()));
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Accept()))) answer.Done();
        (await owner.Api.Post("/grants", new { templateId = templates.BillIssued, result = "reject" })).Done();

        Assert.Equal(11, await owner.Left(templates.BillIssued));
        Assert.Equal(0, await owner.Left(templates.Receipt));
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task An_accept_of_an_unknown_template_or_another_answer_than_the_dialog_knows_is_refused(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var templates = await estate.SetTemplates();
        var owner = await estate.SignIn(estate.Houses[0]);

        var unknown = await owner.Api.Post("/grants", new { templateId = "nobody-knows-this-template-of-nobody", result = "accept" });
        var other = await owner.Api.Post("/grants", new { templateId = templates.BillIssued, result = "perhaps" });

        Assert.Equal((404, "template_unknown"), (unknown.Status, unknown.Code));
        Assert.Equal(400, other.Status);
        Assert.Equal(0, await owner.Left(templates.BillIssued));
    }
}
