using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>Everybody in a community whose money may stand on a bank statement, as the matching rule wants them.</summary>
public sealed class BankPayers(OwnerPayDb db, OpenBills bills, Clock clock)
{
    public async Task<BankMatching> Of(Guid community, CancellationToken cancel)
    {
        var today = clock.Today();
        var houses = await db.Houses.Where(h => h.CommunityId == community).ToDictionaryAsync(h => h.Id, h => h.Code, cancel);
        var parties = await db.LiableParties.AsNoTracking().Where(p => p.CommunityId == community).ToListAsync(cancel);
        var tenures = (await db.Tenures.AsNoTracking().Where(t => t.CommunityId == community).ToListAsync(cancel)).ToLookup(t => t.HouseId);
        var names = await db.Persons.Where(p => p.CommunityId == community).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        var codes = await db.TransferCodes.Where(c => c.CommunityId == community).ToDictionaryAsync(c => c.PartyId, c => c.Code, cancel);
        var open = (await db.Bills.AsNoTracking().Where(b => b.CommunityId == community && b.State == BillState.Open)
            .Select(b => new { b.PartyId, b.DueOn, b.OpenFen })
            .ToListAsync(cancel)).ToLookup(b => b.PartyId);
        var fees = (await bills.LateOf(community, cancel)).GroupBy(b => b.Bill.PartyId).ToDictionary(of => of.Key, of => of.Sum(b => b.LateFeeOn(today)));
        return new BankMatching(parties.Where(party => houses.ContainsKey(party.HouseId)).Select(party => new BankPayer(
            party.Id.ToString("N"), houses[party.HouseId], codes.GetValueOrDefault(party.Id),
            [.. tenures[party.HouseId].Where(tenure => Members.IsMember(tenure, party)).Select(tenure => names[tenure.PersonId])],
            Amounts(open[party.Id].Sum(b => b.OpenFen), open[party.Id].Where(b => b.DueOn <= today).Sum(b => b.OpenFen), fees.GetValueOrDefault(party.Id)),
            party.From <= today && (party.To is null || party.To >= today))));
    }

    /// <summary>Who pays late brings the fee as well, or forgets it.</summary>
    static IReadOnlyList<Fen> Amounts(long openFen, long dueFen, long lateFeeFen) =>
        [new(openFen), new(dueFen), new(openFen + lateFeeFen), new(dueFen + lateFeeFen)];
}
