using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Owners;

/// <summary>Who belongs to liable parties: those who owe, and may be told so. The buyer of a house is no member of the seller's party.</summary>
public static class PartyMembers
{
    /// <summary>The persons of each party, by party, each once.</summary>
    public static async Task<ILookup<Guid, Guid>> Of(OwnerPayDb db, IReadOnlyCollection<Guid> partyIds, CancellationToken cancel)
    {
        var parties = await db.LiableParties.AsNoTracking().Where(party => partyIds.Contains(party.Id)).ToListAsync(cancel);
        var houses = parties.Select(party => party.HouseId).Distinct().ToList();
        var tenures = (await db.Tenures.AsNoTracking().Where(tenure => houses.Contains(tenure.HouseId)).ToListAsync(cancel))
            .ToLookup(tenure => tenure.HouseId);
        return parties.SelectMany(party => tenures[party.HouseId].Where(tenure => Members.IsMember(tenure, party)).OrderBy(tenure => tenure.Id)
            .Select(tenure => (Party: party.Id, tenure.PersonId))).Distinct().ToLookup(member => member.Party, member => member.PersonId);
    }
}
