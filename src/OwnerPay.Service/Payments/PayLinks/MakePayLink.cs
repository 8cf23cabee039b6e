using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.PayLinks;

/// <param name="Token">22 characters: the mini-program page takes them as <c>scene</c>. Told this once, only its hash is kept.</param>
/// <param name="Path">The mini-program path with it, as a shared card opens it.</param>
public sealed record PayLinkMade(Guid LinkId, string Token, string Path, DateTimeOffset ExpiresAt, IReadOnlyList<Guid> BillIds);

/// <summary>Makes pay links: for paper by staff, to share by an owner.</summary>
/// <remarks>Errors: <c>no_bills_chosen</c>, <c>too_many_bills</c> 400; <c>bill_not_found</c> 404; <c>bill_not_open</c>, <c>bills_of_different_parties</c>,
/// <c>pay_link_no_person</c> 409.</remarks>
public sealed class MakePayLink(OwnerPayDb db, OpenBills openBills, Audit audit, ServiceSettings settings, Clock clock)
{
    public static readonly Error NoPerson = new(409, "pay_link_no_person", "该账单的责任方已没有登记的业主，不能生成缴费链接");

    /// <summary>Every refusal.</summary>
    public static readonly Error[] Errors =
        [QuoteBills.NoneChosen, QuoteBills.TooMany, ShowBills.NotFound, QuoteBills.NotOpen, QuoteBills.DifferentParties, NoPerson];

    /// <summary>Days that a link lives at most.</summary>
    const int Days = 90;
    const int MostBills = 50;

    /// <summary>An owner shares bills of his own.</summary>
    public async Task<Result<PayLinkMade>> ByOwner(Member member, IReadOnlyList<Guid> bills, CancellationToken cancel)
    {
        var drafted = await Draft(member.CommunityId, member.HouseId, member.PartyIds, bills, cancel);
        if (drafted.Refusal is { } refusal) return refusal;
        if (!await IsCurrent(drafted.Value.Party, cancel)) return NoPerson;
        return await Keep(drafted.Value, PayLink.NewToken(), member.PersonId, null, cancel);
    }

    /// <param name="bills">Null: all open bills of the house's present liable party.</param>
    public async Task<Result<PayLinkMade>> ByStaff(Guid house, IReadOnlyList<Guid>? bills, StaffMember by, CancellationToken cancel) =>
        await ByStaff(house, bills, PayLink.NewToken(), by, cancel);

    /// <summary>The same with a token that is already on a picture.</summary>
    internal async Task<Result<PayLinkMade>> ByStaff(Guid house, IReadOnlyList<Guid>? bills, string token, StaffMember by, CancellationToken cancel)
    {
        var today = clock.Today();
        var parties = await db.LiableParties.AsNoTracking().Where(p => p.HouseId == house && p.CommunityId == by.CommunityId).ToListAsync(cancel);
        var present = parties.Where(p => p.To is null || p.To >= today).Select(p => p.Id).ToList();
        var drafted = await Draft(by.CommunityId, house, present, bills, cancel);
        if (drafted.Refusal is { } refusal) return refusal;
        var party = parties.Single(p => p.Id == drafted.Value.Party);
        var tenures = await db.Tenures.AsNoTracking().Where(t => t.HouseId == house).ToListAsync(cancel);
        var owner = tenures.Where(t => Members.IsMember(t, party) && (t.To is null || t.To >= today)).OrderBy(t => Members.Rank(t.Kind)).ThenBy(t => t.From).ThenBy(t => t.Id)
            .FirstOrDefault();
        if (owner is null) return NoPerson;
        return await Keep(drafted.Value, token, owner.PersonId, by, cancel);
    }

    sealed record Drafted(Guid Community, Guid House, Guid Party, IReadOnlyList<Guid> Bills);

    async Task<Result<Drafted>> Draft(Guid community, Guid house, IReadOnlyCollection<Guid> parties, IReadOnlyList<Guid>? bills, CancellationToken cancel)
    {
        if (bills is { Count: 0 }) return QuoteBills.NoneChosen;
        if (bills is { Count: > MostBills }) return QuoteBills.TooMany;
        var found = bills is null ? await openBills.Of(house, parties, cancel) : await openBills.Of(house, parties, bills, cancel);
        if (found.Any(b => b.Bill.CommunityId != community) || bills is not null && found.Count != bills.Distinct().Count()) return ShowBills.NotFound;
        if (found.Count == 0 || found.Any(b => !b.OwedOn(clock.Today()))) return QuoteBills.NotOpen;
        if (found.Any(b => b.Bill.PartyId != found[0].Bill.PartyId)) return QuoteBills.DifferentParties;
        return new Drafted(community, house, found[0].Bill.PartyId, [.. found.Take(MostBills).Select(b => b.Bill.Id)]);
    }

    async Task<bool> IsCurrent(Guid party, CancellationToken cancel)
    {
        var today = clock.Today();
        return await db.LiableParties.AnyAsync(p => p.Id == party && (p.To == null || p.To >= today), cancel);
    }

    async Task<PayLinkMade> Keep(Drafted drafted, string token, Guid person, StaffMember? by, CancellationToken cancel)
    {
        var now = clock.Now();
        var link = new PayLink
        {
            Id = Guid.CreateVersion7(), CommunityId = drafted.Community, HouseId = drafted.House, PartyId = drafted.Party, PersonId = person,
            Hash = PayLink.HashOf(token), StaffId = by?.StaffId, CreatedAt = now, ExpiresAt = now.AddDays(Days),
        };
        db.Add(link);
        db.AddRange(drafted.Bills.Select(bill => new PayLinkBill { PayLinkId = link.Id, BillId = bill }));
        if (by is not null) audit.Add(by, "pay-link.made", link.Id, new { link.HouseId, drafted.Bills.Count });
        await db.SaveChangesAsync(cancel);
        return new PayLinkMade(link.Id, token, $"{settings.PayLinkPage}?scene={token}", link.ExpiresAt, drafted.Bills);
    }
}
