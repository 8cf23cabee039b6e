using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Storage;

public sealed class InsertUnlessThereTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Trouble_that_eight_callbacks_meet_at_once_is_one_item_that_reads_as_the_first_wrote_it(Database database)
    {
        await using var estate = await servers.Estate(database);
        var (subject, at) = (Guid.CreateVersion7(), Installation.UsualBegin);

        var added = await Task.WhenAll(Enumerable.Range(1, 8).Select(number => estate.Installation.Db(db => db.InsertUnlessThere(new WorkItem
        {
            Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, Kind = "test.twins", SubjectId = subject, Role = StaffRole.Finance,
            Title = $"第 {number} 次", Detail = "it's \"quoted\" {0}", CreatedAt = at.AddMilliseconds(number),
        }, default))));

        Assert.Single(added, first => first);
        var winner = Array.IndexOf(added, true) + 1;
        var item = await estate.Installation.Db(db => db.WorkItems.AsNoTracking().SingleAsync(i => i.SubjectId == subject));
        Assert.Equal((StaffRole.Finance, WorkItemState.Open, $"第 {winner} 次", "it's \"quoted\" {0}"), (item.Role, item.State, item.Title, item.Detail));
        Assert.Equal((at.AddMilliseconds(winner), null, null), (item.CreatedAt, item.DoneBy, item.Resolution));
    }
}
