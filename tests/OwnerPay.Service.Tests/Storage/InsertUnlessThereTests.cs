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

    // The row is written as text: whatever somebody puts into a name must come back as it was, and end no statement.
    [Theory, EachDatabase]
    public async Task Text_with_quotes_backslashes_line_ends_braces_and_emoji_comes_back_as_it_was(Database database)
    {
        await using var estate = await servers.Estate(database);
        const string Awkward = "'); DROP TABLE WorkItems; -- \"a\" `b` \\' \\\\ {0} {{1}} @p0 ?\r\n\t业主😀%_";
        var item = new WorkItem
        {
            Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, Kind = "test.awkward", SubjectId = Guid.CreateVersion7(), Role = StaffRole.Finance,
            Title = "标题", Detail = Awkward, CreatedAt = Installation.UsualBegin,
        };

        Assert.True(await estate.Installation.Db(db => db.InsertUnlessThere(item, default)));

        Assert.Equal(Awkward, await estate.Installation.Db(db => db.WorkItems.Where(i => i.Id == item.Id).Select(i => i.Detail).SingleAsync()));
    }
}
