using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Streams the houses of a community by code and makes their bills, a page at a time: memory does not grow with the number of houses.</summary>
/// <param name="again">Computes an issued run again: what it claimed itself counts as free.</param>
sealed class RunPages(OwnerPayDb db, RunTerms terms, PriceBook prices, Guid? again = null)
{
    const int HousesPerPage = 500;

    /// <summary>Bills older than this are no comparison any more, days.</summary>
    const int ComparableDays = 400;

    readonly RunExtras extras = new(db, terms, prices);

    public async IAsyncEnumerable<IReadOnlyList<HouseBills>> Read([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var after = ""; ;)
        {
            var last = after;
            var houses = await db.Houses.AsNoTracking().Where(h => h.CommunityId == terms.CommunityId && h.Code.CompareTo(last) > 0)
                .OrderBy(h => h.Code).Take(HousesPerPage).ToListAsync(cancel);
            if (houses.Count == 0) yield break;
            var ids = houses.ConvertAll(h => h.Id);
            var parties = (await db.LiableParties.AsNoTracking().Where(p => ids.Contains(p.HouseId)).ToListAsync(cancel)).ToLookup(p => p.HouseId);
            var spaces = await Spaces(ids, cancel);
            var claimed = await Claimed(ids, cancel);
            var compare = await LastCharges(ids, cancel);
            var more = await extras.Load(ids, cancel);
            yield return houses.ConvertAll(h => ComposeBills.Of(new HouseFacts(
                h, [.. parties[h.Id]], [.. spaces[h.Id]], claimed[h.Id].ToHashSet(), compare.GetValueOrDefault(h.Id) ?? [])
            {
                Extras = more[h.Id],
            }, prices, terms));
            after = houses[^1].Code;
        }
    }

    /// <summary>Spaces that belong to a person and to no house cannot be billed by house: they are named.</summary>
    public async IAsyncEnumerable<OddItem> SpacesWithoutHouse([EnumeratorCancellation] CancellationToken cancel)
    {
        var priced = prices.Slots.Where(s => s.ForSpaces(ParkingKind.Owned).Count > 0 || s.ForSpaces(ParkingKind.Rented).Count > 0).Select(s => s.Kind).FirstOrDefault();
        if (priced is null) yield break;
        var (from, to) = (terms.Period.From, terms.Period.To);
        var codes = db.ParkingSpaces.Where(s => s.CommunityId == terms.CommunityId && s.HouseId == null && s.PersonId != null
            && (s.From == null || s.From <= to) && (s.To == null || s.To >= from)).OrderBy(s => s.Code).Select(s => s.Code);
        foreach (var code in await codes.ToListAsync(cancel))
            yield return new(OddKinds.SpaceWithoutHouse, code, priced.Code, $"车位 {code} 不属于任何房屋，未出账", Skipped: true);
    }

    async Task<ILookup<Guid, ParkingSpace>> Spaces(List<Guid> houses, CancellationToken cancel) =>
        (await db.ParkingSpaces.AsNoTracking().Where(s => s.HouseId != null && houses.Contains(s.HouseId.Value)).OrderBy(s => s.Code).ToListAsync(cancel))
            .ToLookup(s => s.HouseId!.Value);

    async Task<ILookup<Guid, ClaimedMonth>> Claimed(List<Guid> houses, CancellationToken cancel)
    {
        var (first, last) = (Month(terms.Period.From), Month(terms.Period.To));
        var claims = await db.BillClaims.AsNoTracking()
            .Where(c => houses.Contains(c.HouseId) && (c.ServiceMonth >= first && c.ServiceMonth <= last || c.ServiceMonth == 0) && c.LiveKey != null
                && c.RunId != again)
            .Select(c => new { c.HouseId, c.FeeKindId, c.Slot, c.ParkingSpaceId, c.ServiceMonth, c.SourceId }).ToListAsync(cancel);
        return claims.ToLookup(c => c.HouseId, c => new ClaimedMonth(c.FeeKindId, c.Slot, c.ParkingSpaceId, c.ServiceMonth, c.SourceId));
    }

    /// <summary>Per house and fee kind what the last run before this period charged, both parties of a sale together.</summary>
    async Task<Dictionary<Guid, Dictionary<Guid, LastCharged>>> LastCharges(List<Guid> houses, CancellationToken cancel)
    {
        var (before, since) = (terms.Period.From, terms.Period.From.AddDays(-ComparableDays));
        var kinds = prices.Kinds.Select(k => k.Id).ToList();
        var billLines = db.BillLines;
        var lines = await (from bill in db.Bills
                           where houses.Contains(bill.HouseId) && bill.State != BillState.Voided && bill.PeriodTo < before && bill.PeriodTo >= since
                           join line in billLines on bill.Id equals line.BillId
                           where kinds.Contains(line.FeeKindId)
                           select new { bill.HouseId, bill.RunId, line.FeeKindId, line.From, line.To, line.AmountFen }).ToListAsync(cancel);
        return lines.GroupBy(l => l.HouseId).ToDictionary(house => house.Key, house => house.GroupBy(l => l.FeeKindId).ToDictionary(kind => kind.Key, kind =>
        {
            var run = kind.GroupBy(l => l.RunId).OrderByDescending(r => r.Max(l => l.To)).ThenBy(r => r.Key).First();
            return new LastCharged(run.Sum(l => l.AmountFen), new DateRange(run.Min(l => l.From), run.Max(l => l.To)).Days);
        }));
    }

    static int Month(DateOnly day) => day.Year * 100 + day.Month;
}
