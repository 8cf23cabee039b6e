using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>Puts trouble before a person: one item per kind and subject, however often the trouble is met.</summary>
public sealed class WorkItems(OwnerPayDb db, Clock clock)
{
    /// <summary>Adds the item inside the caller's transaction unless it is there already, open or done.</summary>
    /// <param name="kind">Stable kind: <c>payment.suspense</c>, <c>callback.unknown-order</c> …</param>
    /// <param name="role">The role that works on it.</param>
    /// <param name="title">What is wrong, in Chinese; cut at 190 characters.</param>
    /// <param name="detail">What to look at, in Chinese, without personal data; cut at 1,000 characters.</param>
    /// <returns>False when it was there already.</returns>
    /// <remarks>The unique key decides, in one statement: two transactions that meet the same trouble must not undo each other.</remarks>
    public Task<bool> Open(Guid community, string kind, Guid subject, StaffRole role, string title, string detail, CancellationToken cancel) =>
        db.InsertUnlessThere(new WorkItem
        {
            Id = Guid.CreateVersion7(), CommunityId = community, Kind = kind, SubjectId = subject, Role = role, Title = Cut(title, 190),
            Detail = Cut(detail, 1000), State = WorkItemState.Open, CreatedAt = clock.Now(),
        }, cancel);

    /// <summary>Marks the item as done because its trouble is over, inside the caller's transaction.
    /// Nothing happens where there is none, or where it is done.</summary>
    /// <param name="by">Staff id of whoever ended the trouble; null where it ended by itself.</param>
    /// <param name="resolution">In Chinese; cut at 190 characters.</param>
    public async Task Finish(string kind, Guid subject, Guid? by, string resolution, CancellationToken cancel)
    {
        var (now, text) = (clock.Now(), Cut(resolution, 190));
        await db.WorkItems.Where(i => i.Kind == kind && i.SubjectId == subject && i.State == WorkItemState.Open)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.State, WorkItemState.Done).SetProperty(i => i.DoneBy, by)
                .SetProperty(i => i.DoneAt, now).SetProperty(i => i.Resolution, text), cancel);
    }

    static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
