using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Doors;

public sealed class PageTests(Servers servers)
{
    const int PageSize = 3;

    [Theory, EachDatabase]
    public async Task A_clerk_who_turns_pages_sees_each_of_many_rows_of_one_moment_once_in_both_orders(Database database)
    {
        await using var estate = await servers.Estate(database);
        var begin = estate.Installation.Clock.GetUtcNow();
        await estate.Installation.Db(async db =>
        {
            for (var number = 0; number < 10; number++)
                db.Add(new WorkItem
                {
                    Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, Kind = "test.page", SubjectId = Guid.CreateVersion7(),
                    Role = StaffRole.Clerk, Title = "", Detail = "", CreatedAt = begin.AddSeconds(number / 7),    // seven of one moment, three of the next
                });
            return await db.SaveChangesAsync();
        });

        var oldest = await Walk(estate, (rows, after) => rows.OldestFirst(after, row => new Cursor(row.CreatedAt, row.Id)));
        var newest = await Walk(estate, (rows, after) => rows.NewestFirst(after, row => new Cursor(row.CreatedAt, row.Id)));

        Assert.Equal(10, oldest.Distinct().Count());
        Assert.Equal(10, oldest.Count);
        Assert.Equal(oldest.AsEnumerable().Reverse(), newest);
    }

    static Task<List<Guid>> Walk(Estate estate, Func<IQueryable<WorkItem>, Cursor?, IQueryable<WorkItem>> order) => estate.Installation.Db(async db =>
    {
        var seen = new List<Guid>();
        Cursor? after = null;
        do
        {
            var rows = await order(db.WorkItems.Where(row => row.CommunityId == estate.CommunityId), after).Take(PageSize + 1).ToListAsync();
            var page = Pages.Of(rows, PageSize, row => new Cursor(row.CreatedAt, row.Id));
            Assert.InRange(page.Items.Count, 1, PageSize);
            seen.AddRange(page.Items.Select(row => row.Id));
            Assert.True(Cursor.TryRead(page.NextCursor, out after));
        } while (after is not null);
        return seen;
    });
}
