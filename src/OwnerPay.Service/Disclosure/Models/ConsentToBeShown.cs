using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Models;

/// <summary>How the owner wants to be seen.</summary>
public sealed record ConsentRequest(NameShown Name, HouseShown House);

/// <param name="ConsentText">What the owner agrees to; to be shown before the tap.</param>
/// <param name="Qualifies">This house paid everything of the period in time so far; told to nobody else.</param>
/// <param name="Mine">How this person agreed to be shown; null: he did not.</param>
/// <param name="Houses">Houses on the list; 0 before it is published.</param>
/// <param name="Entries">Those shown; empty before it is published, or where it would tell too much.</param>
public sealed record ModelListShown(
    Guid ListId, string Title, DateOnly From, DateOnly To, ModelListState State, string ConsentText, bool MayConsent, bool Qualifies,
        ConsentRequest? Mine, int Houses,
    IReadOnlyList<ModelEntry> Entries);

public sealed record ModelListsShown(IReadOnlyList<ModelListShown> Items);

public sealed record ConsentAnswer(Guid ListId, bool Shown);

/// <summary>An owner agrees to be shown on a list of model payers as he chooses, changes his choice, or takes it back at any time, with effect at
/// once.</summary>
/// <remarks>Only owners of the house, not tenants: it is their payment record. Errors: <c>model_list_not_found</c> 404; <c>model_list_owners_only</c>
/// 403; <c>model_list_ended</c> 409.</remarks>
public sealed class ConsentToBeShown(OwnerPayDb db, Residents residents, ModelEntries entries, Clock clock)
{
    const int Most = 10;
    static readonly Error OwnersOnly = new(403, "model_list_owners_only", "只有房屋的业主可以同意公示");
    static readonly Error Ended = new(409, "model_list_ended", "该名单已结束");

    public static void Map(Doors doors)
    {
        const string lists = "/houses/{houseId}/model-payer-lists", consent = lists + "/{listId:guid}/consent";
        doors.Owner.MapGet(lists, GetList).WithName("listModelPayerLists").ForOwners().CanFail(Member.HouseNotFound);
        doors.Owner.MapPost(consent, Post).WithName("consentToBeShown").ForOwners()
            .CanFail(Member.HouseNotFound, IdempotencyKey.Missing, KeepModelLists.NotFound, OwnersOnly, Ended);
        doors.Owner.MapPost(consent + "/withdraw", PostWithdraw).WithName("withdrawConsent").ForOwners()
            .CanFail(Member.HouseNotFound, IdempotencyKey.Missing, KeepModelLists.NotFound);
    }

    static async Task<Ok<ModelListsShown>> GetList(Member member, ConsentToBeShown consents, CancellationToken cancel) =>
        TypedResults.Ok(new ModelListsShown(await consents.List(member, cancel)));

    static async Task<Results<Ok<ConsentAnswer>, ProblemHttpResult>> Post(
        Guid listId, IdempotencyKey key, Member member, ConsentRequest request, ConsentToBeShown consents, CancellationToken cancel) =>
        (await consents.Give(listId, request, key, member, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<ConsentAnswer>, ProblemHttpResult>> PostWithdraw(
        Guid listId, IdempotencyKey key, Member member, ConsentToBeShown consents, CancellationToken cancel) =>
        (await consents.Withdraw(listId, key, member, cancel)).ToHttp(TypedResults.Ok);

    static string Text(ModelPayerList list) => $"我同意将本户列入“{list.Title}”（统计期间 {PaperWords.Days(list.From, list.To)}），按我选择的方式在小程序中向本小区住户展示。"
        + "是否入选由系统按缴费记录计算，不展示金额。我可以随时撤回同意，撤回后立即不再展示；不同意不影响任何服务。";

    async Task<IReadOnlyList<ModelListShown>> List(Member member, CancellationToken cancel)
    {
        if (await residents.BuildingOf(member, cancel) is null) return [];
        var lists = await db.ModelPayerLists.AsNoTracking().Where(l => l.CommunityId == member.CommunityId && l.State != ModelListState.Ended)
            .OrderByDescending(l => l.CreatedAt).ThenByDescending(l => l.Id).Take(Most).ToListAsync(cancel);
        var (shown, may) = (new List<ModelListShown>(), await Owns(member, cancel));
        foreach (var list in lists)
        {
            var mine = await db.ModelPayerConsents.AsNoTracking().Where(c =>
                c.ListId == list.Id && c.HouseId == member.HouseId && c.PersonId == member.PersonId && c.Live == true)
                .Select(c => new ConsentRequest(c.Name, c.House)).SingleOrDefaultAsync(cancel);
            var (found, houses) = list.State == ModelListState.Published ? await entries.Of(list, cancel) : ([], 0);
            shown.Add(new ModelListShown(list.Id, list.Title, list.From, list.To, list.State, Text(list), may,
                may && await entries.Qualifies(list, member.HouseId, member.PartyIds, cancel), mine, houses, found));
        }
        return shown;
    }

    Task<Result<ConsentAnswer>> Give(Guid id, ConsentRequest request, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<ConsentAnswer>(key, new { id, member.HouseId, request }, async () =>
        {
            // The list's row is held: of two taps with different choices the later one stands.
            var list = await db.ModelPayerLists.AsNoTracking().Where(l => l.Id == id && l.CommunityId == member.CommunityId).ForUpdate()
                .SingleOrDefaultAsync(cancel);
            if (list is null) return KeepModelLists.NotFound;
            if (!await Owns(member, cancel)) return OwnersOnly;
            if (list.State == ModelListState.Ended) return Ended;
            await End(id, member, cancel);
            db.Add(new ModelPayerConsent
            {
                Id = Guid.CreateVersion7(), CommunityId = member.CommunityId, ListId = id, HouseId = member.HouseId, PersonId = member.PersonId,
                Name = request.Name,
                House = request.House, Agreed = Text(list), WeChatUserId = member.WeChatUserId, GivenAt = clock.Now(), Live = true,
            });
            return new ConsentAnswer(id, true);
        }, cancel);

    /// <summary>Taking back is never refused, whatever became of the list or of the house.</summary>
    Task<Result<ConsentAnswer>> Withdraw(Guid id, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<ConsentAnswer>(key, new { id, member.HouseId }, async () =>
        {
            var list = await db.ModelPayerLists.AsNoTracking().Where(l => l.Id == id && l.CommunityId == member.CommunityId).ForUpdate()
                .SingleOrDefaultAsync(cancel);
            if (list is null) return KeepModelLists.NotFound;
            await End(id, member, cancel);
            return new ConsentAnswer(id, false);
        }, cancel);

    async Task End(Guid id, Member member, CancellationToken cancel)
    {
        var live = await db.ModelPayerConsents.SingleOrDefaultAsync(c =>
            c.ListId == id && c.HouseId == member.HouseId && c.PersonId == member.PersonId && c.Live == true, cancel);
        if (live is null) return;
        (live.Live, live.WithdrawnAt) = (null, clock.Now());
        await db.SaveChangesAsync(cancel);    // before the next one takes its place in the unique key
    }

    async Task<bool> Owns(Member member, CancellationToken cancel)
    {
        var today = clock.Today();
        return await db.Tenures.AnyAsync(t => t.HouseId == member.HouseId && t.PersonId == member.PersonId
            && (t.Kind == TenureKind.Owner || t.Kind == TenureKind.JointOwner)
            && t.From <= today && (t.To == null || t.To >= today), cancel);
    }
}
