using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Models;

/// <param name="From">First due date that counts,</param>
/// <param name="To">and the last, at most two years on.</param>
public sealed record ModelListInput([property: Required, StringLength(60, MinimumLength = 2)] string Title, DateOnly From, DateOnly To);

/// <param name="Consents">Owners who agreed to be shown.</param>
/// <param name="Houses">Houses that are, or would be, on the list.</param>
/// <param name="Entries">As owners see it; empty where it would tell too much.</param>
public sealed record StaffModelList(
    Guid ListId, string Title, DateOnly From, DateOnly To, ModelListState State, DateTimeOffset? PublishedAt, int Consents, int Houses,
        IReadOnlyList<ModelEntry> Entries);

public sealed record StaffModelLists(IReadOnlyList<StaffModelList> Items);

/// <summary>A manager announces a list of model payers, publishes it when its period is over, and ends it. Staff choose nobody: bills and consent
/// decide.</summary>
/// <remarks>Only a period that is over is published: a name that vanishes later can then have no other cause than its owner's wish. Errors:
/// <c>model_list_not_found</c> 404; <c>model_list_period_invalid</c> 400; <c>model_list_too_early</c>, <c>model_list_ended</c> 409;
/// <c>unlawful_measure</c> 422.</remarks>
public sealed class KeepModelLists(OwnerPayDb db, ModelEntries entries, CheckPublicText check, Audit audit, Clock clock)
{
    public static readonly Error NotFound = new(404, "model_list_not_found", "没有找到该名单");
    static readonly Error PeriodInvalid = new(400, "model_list_period_invalid", "统计期间有误") { Field = "to", Detail = "起始日不晚于截止日，最长两年" };
    static readonly Error TooEarly = new(409, "model_list_too_early", "统计期间尚未结束") { Detail = "期间结束后才能公布：期间内变动的名单会让人推断谁没有缴费" };
    static readonly Error Ended = new(409, "model_list_ended", "该名单已结束");

    public static void Map(Doors doors)
    {
        const string lists = "/communities/{communityId:guid}/model-payer-lists", one = lists + "/{listId:guid}";
        doors.Staff.MapPost(lists, Post).WithName("announceModelList").ForStaff(StaffRole.Manager).CanFail(PeriodInvalid, CheckPublicText.Unlawful);
        doors.Staff.MapGet(lists, GetList).WithName("listModelLists").ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager);
        doors.Staff.MapPost(one + "/publish", PostPublish).WithName("publishModelList").ForStaff(StaffRole.Manager)
            .CanFail(NotFound, TooEarly, Ended);
        doors.Staff.MapPost(one + "/end", PostEnd).WithName("endModelList").ForStaff(StaffRole.Manager).CanFail(NotFound, Ended);
    }

    static async Task<Results<Created<StaffModelList>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, ModelListInput input, KeepModelLists keep, CancellationToken cancel) =>
        (await keep.db.Once(key, input, () => keep.Announce(input, by, cancel), cancel))
            .ToHttp(made => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/model-payer-lists/{made.ListId}", made));

    static async Task<Ok<StaffModelLists>> GetList(StaffMember by, KeepModelLists keep, CancellationToken cancel)
    {
        var lists = await keep.db.ModelPayerLists.AsNoTracking().Where(l => l.CommunityId == by.CommunityId).OrderByDescending(l => l.CreatedAt)
            .ThenByDescending(l => l.Id)
            .Take(20).ToListAsync(cancel);
        var shown = new List<StaffModelList>();
        foreach (var list in lists) shown.Add(await keep.Show(list, cancel));
        return TypedResults.Ok(new StaffModelLists(shown));
    }

    static async Task<Results<Ok<StaffModelList>, ProblemHttpResult>> PostPublish(Guid listId, IdempotencyKey key, StaffMember by,
        KeepModelLists keep, CancellationToken cancel) =>
        (await keep.db.Once(key, new { listId }, () => keep.Move(listId, ModelListState.Published, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<StaffModelList>, ProblemHttpResult>> PostEnd(Guid listId, IdempotencyKey key, StaffMember by, KeepModelLists keep,
        CancellationToken cancel) =>
        (await keep.db.Once(key, new { listId }, () => keep.Move(listId, ModelListState.Ended, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    readonly OwnerPayDb db = db;

    async Task<Result<StaffModelList>> Announce(ModelListInput input, StaffMember by, CancellationToken cancel)
    {
        if (input.To < input.From || input.To > input.From.AddYears(2)) return PeriodInvalid;
        if (await check.Run(by.CommunityId, input.Title, "title", cancel) is { } refusal) return refusal;
        var list = new ModelPayerList
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, Title = input.Title.Trim(), From = input.From, To = input.To,
            State = ModelListState.Asking,
            CreatedAt = clock.Now(),
        };
        db.Add(list);
        audit.Add(by, "model-list.announced", list.Id, input);
        return new StaffModelList(list.Id, list.Title, list.From, list.To, list.State, null, 0, 0, []);
    }

    async Task<Result<StaffModelList>> Move(Guid id, ModelListState to, StaffMember by, CancellationToken cancel)
    {
        var list = await db.ModelPayerLists.Where(l => l.Id == id && l.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
        if (list is null) return NotFound;
        if (list.State == ModelListState.Ended || list.State == to) return Ended;
        if (to == ModelListState.Published)
        {
            if (clock.Today() <= list.To) return TooEarly;
            list.PublishedAt = clock.Now();
        }
        list.State = to;
        audit.Add(by, to == ModelListState.Published ? "model-list.published" : "model-list.ended", id, new { list.Title });
        return await Show(list, cancel);
    }

    async Task<StaffModelList> Show(ModelPayerList list, CancellationToken cancel)
    {
        var (shown, houses) = list.State == ModelListState.Ended ? ([], 0) : await entries.Of(list, cancel);
        return new StaffModelList(list.Id, list.Title, list.From, list.To, list.State, list.PublishedAt,
            await db.ModelPayerConsents.CountAsync(c => c.ListId == list.Id && c.Live == true, cancel), houses, shown);
    }
}
