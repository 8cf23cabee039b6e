using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Staff;

public sealed class WorkItemTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task The_same_trouble_met_ten_times_at_once_makes_one_item_for_the_right_people(Database database)
    {
        var estate = await servers.Estate(database);
        var subject = Guid.CreateVersion7();
        var opened = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            await using var scope = estate.Installation.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<WorkItems>()
                .Open(estate.CommunityId, "test.trouble", subject, StaffRole.Finance, "有一笔款项待核实", new string('详', 1200), default);
        }));

        Assert.Single(opened, added => added);
        var item = Assert.Single(await Items(estate, estate.Finance));
        Assert.Single(await Items(estate, estate.Manager));
        Assert.Empty(await Items(estate, estate.Clerk));
        Assert.Equal("work_item_not_found", (await Finish(estate, estate.Clerk, item)).Code);
        (await Finish(estate, estate.Finance, item)).Done();
        Assert.Equal("work_item_done", (await Finish(estate, estate.Manager, item)).Code);
        Assert.Empty(await Items(estate, estate.Finance));
    }

    static async Task<Guid[]> Items(Estate estate, Api by) =>
        [.. (await by.Get(estate.Path + "/work-items")).Done()["items"].AsArray().Select(item => item!["id"]!.GetValue<Guid>())];

    static Task<Answer> Finish(Estate estate, Api by, Guid item) => by.Post($"{estate.Path}/work-items/{item}/done", new { resolution = "已核实" });
}
