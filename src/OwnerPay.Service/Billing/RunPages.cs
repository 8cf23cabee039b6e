using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A page of houses with the bills that they get.</summary>
/// <param name="Prepaid">Fen that these bills may use at once, by house and party; locked. Empty at a preview.</param>
sealed record BillPage(IReadOnlyList<HouseBills> Houses, IReadOnlyDictionary<(Guid House, Guid Party), long> Prepaid);

/// <summary>The connections with which a run reads while its own one is busy. What they see is committed, which is all that a run's pages depend on: no page
/// reads what another one writes.</summary>
/// <param name="Houses">Reads a page's houses.</param>
/// <param name="Liable">Reads who owes, and what else the bills depend on.</param>
/// <param name="Charged">Reads what was charged before.</param>
sealed record RunReaders(OwnerPayDb Houses, OwnerPayDb Liable, OwnerPayDb Charged)
{
    public RunReaders(OwnerPayDb all) : this(all, all, all) { }

    /// <summary>No two are the same: houses are read ahead, and both parts of a page at the same time.</summary>
    public bool AtOnce => Houses != Liable && Liable != Charged && Charged != Houses;
}

/// <summary>Streams the houses of a community by code and makes their bills, a page at a time: memory does not grow with the number of houses. While
/// the database reads a page or writes one, the processor works at another.</summary>
/// <param name="readers">Read the next pages while this connection writes one; null: this one does both in turn.</param>
/// <param name="usePrepaid">Locks the prepaid balances of each page and hands them out with it.</param>
/// <param name="compare">Reads what each house was charged last, for people who look at what is odd: no bill depends on it.</param>
/// <param name="only">The one house of a run that its owner asked for; null: all.</param>
/// <param name="again">Computes an issued run again: what it claimed itself counts as free.</param>
sealed class RunPages(
    OwnerPayDb db, RunTerms terms, PriceBook prices, bool usePrepaid = false, bool compare = false, Guid? again = null, Guid? only = null, RunReaders? readers = null)
{
    readonly RunReaders reading = readers ?? new(db);
    readonly RunExtras extras = new(readers?.Liable ?? db, terms, prices);

    /// <summary>Whether anybody in the community has prepaid at all: asked once.</summary>
    bool? anyPrepaid;

    const int HousesPerPage = 1000, PagesAhead = 1;

    /// <summary>Bills older than this are no comparison any more, days.</summary>
    const int ComparableDays = 400;

    /// <summary>The houses of a page: all whose codes lie behind <paramref name="After"/>, up to <paramref name="Last"/>.</summary>
    readonly record struct Codes(string After, string Last);

    /// <param name="work">Done with each page in turn on another thread, without the database: the caller has the connection meanwhile.</param>
    public async IAsyncEnumerable<T> Read<T>(Func<BillPage, T> work, [EnumeratorCancellation] CancellationToken cancel)
    {
        Task<T>? working = null;
        await foreach (var page in readers is null ? Pages(cancel) : Pages(cancel).ReadAhead(PagesAhead, cancel))
        {
            var prepaid = page.WithPrepaid.Count > 0 ? await Prepaid(page.WithPrepaid, cancel) : [];
            var before = working is null ? null : new Done<T>(await working);
            working = Task.Run(() => work(Compose(page, prepaid)), cancel);
            if (before is not null) yield return before.Value;
        }
        if (working is not null) yield return await working;
    }

    sealed record Done<T>(T Value);

    BillPage Compose(Facts page, IReadOnlyDictionary<(Guid, Guid), long> prepaid) =>
        new(page.Houses.ConvertAll(house => ComposeBills.Of(house, prices, terms)), prepaid);

    /// <param name="WithPrepaid">Houses whose balances held some when the page was read.</param>
    sealed record Facts(List<HouseFacts> Houses, List<Guid> WithPrepaid);

    async IAsyncEnumerable<Facts> Pages([EnumeratorCancellation] CancellationToken cancel)
    {
        var pages = reading.AtOnce ? Houses(cancel).ReadAhead(PagesAhead, cancel) : Houses(cancel);
        await foreach (var (houses, codes) in pages) yield return await Page(houses, codes, cancel);
    }

    async IAsyncEnumerable<(List<House> Houses, Codes Codes)> Houses([EnumeratorCancellation] CancellationToken cancel)
    {
        var after = "";
        while (true)
        {
            var next = Wanted(reading.Houses).AsNoTracking().Where(h => h.Code.CompareTo(after) > 0).OrderBy(h => h.Code).Take(HousesPerPage);
            if (only is null) next = next.Along(reading.Houses.Houses, nameof(House.CommunityId), nameof(House.Code));
            var houses = await next.ToListAsync(cancel);
            if (houses.Count == 0) yield break;
            var codes = new Codes(after, houses[^1].Code);
            yield return (houses, codes);
            after = codes.Last;
        }
    }

    async Task<Facts> Page(List<House> houses, Codes codes, CancellationToken cancel)
    {
        var liable = Liable(houses, codes, cancel);
        if (!reading.AtOnce) await liable;
        var charged = Charged(codes, cancel);
        await Task.WhenAll(liable, charged);
        var (parties, more, withPrepaid) = await liable;
        var (spaces, claimed, last) = await charged;
        return new(houses.ConvertAll(h => new HouseFacts(
            h, [.. parties[h.Id]], [.. spaces[h.Id]], claimed[h.Id].ToHashSet(), last.GetValueOrDefault(h.Id) ?? [])
        {
            Extras = more.GetValueOrDefault(h.Id) ?? HouseExtras.None,
        }), withPrepaid);
    }

    async Task<(ILookup<Guid, LiableParty> Parties, Dictionary<Guid, HouseExtras> Extras, List<Guid> WithPrepaid)> Liable(
        List<House> houses, Codes codes, CancellationToken cancel) =>
        (await Parties(codes, cancel), await extras.Load(houses.ConvertAll(h => h.Id), cancel), usePrepaid ? await WithPrepaid(codes, cancel) : []);

    async Task<(ILookup<Guid, ParkingSpace> Spaces, ILookup<Guid, ClaimedMonth> Claimed, Dictionary<Guid, Dictionary<Guid, LastCharged>> Last)> Charged(
        Codes codes, CancellationToken cancel) =>
        (await Spaces(codes, cancel), await Claimed(codes, cancel), compare ? await LastCharges(codes, cancel) : []);

    IQueryable<House> Wanted(OwnerPayDb side) => only is { } house
        ? side.Houses.Where(h => h.CommunityId == terms.CommunityId && h.Id == house) : side.Houses.Where(h => h.CommunityId == terms.CommunityId);

    /// <summary>The page's houses as a part of a query: a range of codes, however many they are.</summary>
    IQueryable<House> In(OwnerPayDb side, Codes codes)
    {
        var (after, last) = codes;
        return Wanted(side).Where(h => h.Code.CompareTo(after) > 0 && h.Code.CompareTo(last) <= 0);
    }

    async Task<ILookup<Guid, LiableParty>> Parties(Codes codes, CancellationToken cancel)
    {
        var parties = reading.Liable.LiableParties.AsNoTracking();
        var found = await In(reading.Liable, codes).Join(parties, house => house.Id, party => party.HouseId, (_, party) => party)
            .Along(reading.Liable.LiableParties, nameof(LiableParty.HouseId)).ToListAsync(cancel);
        return found.ToLookup(p => p.HouseId);
    }

    async Task<List<Guid>> WithPrepaid(Codes codes, CancellationToken cancel)
    {
        var balances = reading.Liable.PrepaidBalances;
        anyPrepaid ??= await balances.AnyAsync(b => b.CommunityId == terms.CommunityId && b.BalanceFen > 0, cancel);
        if (!anyPrepaid.Value) return [];
        return await In(reading.Liable, codes).Where(h => h.UsesPrepaid).Join(balances, house => house.Id, balance => balance.HouseId, (_, balance) => balance)
            .Where(b => b.BalanceFen > 0).Select(b => b.HouseId).Distinct().Along(balances, nameof(PrepaidBalance.HouseId)).ToListAsync(cancel);
    }

    /// <summary>Prepaid money that this page's bills may use. Only balances that hold some are locked.</summary>
    async Task<Dictionary<(Guid, Guid), long>> Prepaid(List<Guid> houses, CancellationToken cancel)
    {
        var locked = await db.PrepaidBalances.AsNoTracking().Where(b => houses.Contains(b.HouseId) && b.BalanceFen > 0)
            .OrderBy(b => b.HouseId).ThenBy(b => b.PartyId).ForUpdate().ToListAsync(cancel);
        return locked.ToDictionary(b => (b.HouseId, b.PartyId), b => b.BalanceFen);
    }

    /// <summary>Spaces that belong to a person and to no house cannot be billed by house: they are named.</summary>
    public async IAsyncEnumerable<OddItem> SpacesWithoutHouse([EnumeratorCancellation] CancellationToken cancel)
    {
        var priced = prices.Slots.Where(s => s.OnSpaces).Select(s => s.Kind).FirstOrDefault();
        if (priced is null) yield break;
        var (from, to) = (terms.Period.From, terms.Period.To);
        var codes = db.ParkingSpaces.Where(s => s.CommunityId == terms.CommunityId && s.HouseId == null && s.PersonId != null
            && (s.From == null || s.From <= to) && (s.To == null || s.To >= from)).OrderBy(s => s.Code).Select(s => s.Code);
        foreach (var code in await codes.ToListAsync(cancel))
            yield return new(OddKinds.SpaceWithoutHouse, code, priced.Code, $"车位 {code} 不属于任何房屋，未出账", Skipped: true);
    }

    async Task<ILookup<Guid, ParkingSpace>> Spaces(Codes codes, CancellationToken cancel)
    {
        if (!prices.Slots.Any(slot => slot.OnSpaces)) return Array.Empty<ParkingSpace>().ToLookup(s => s.Id);
        var spaces = reading.Charged.ParkingSpaces.AsNoTracking();
        var found = await In(reading.Charged, codes).Join(spaces, house => house.Id, space => space.HouseId, (_, space) => space).OrderBy(s => s.Code)
            .Along(reading.Charged.ParkingSpaces, nameof(ParkingSpace.HouseId)).ToListAsync(cancel);
        return found.ToLookup(s => s.HouseId!.Value);
    }

    async Task<ILookup<Guid, ClaimedMonth>> Claimed(Codes codes, CancellationToken cancel)
    {
        var (first, last) = (Month(terms.Period.From), Month(terms.Period.To));
        var claims = reading.Charged.BillClaims;
        var live = await (from house in In(reading.Charged, codes)
                          join c in claims on house.Id equals c.HouseId
                          where (c.ServiceMonth >= first && c.ServiceMonth <= last || c.ServiceMonth == 0) && c.LiveKey != null && c.RunId != again
                          select new { c.HouseId, c.FeeKindId, c.Slot, c.ParkingSpaceId, c.ServiceMonth, c.SourceId })
            .Along(claims, nameof(BillClaim.HouseId)).ToListAsync(cancel);
        return live.ToLookup(c => c.HouseId, c => new ClaimedMonth(c.FeeKindId, c.Slot, c.ParkingSpaceId, c.ServiceMonth, c.SourceId));
    }

    /// <summary>Per house and fee kind what the last run before this period charged, both parties of a sale together.</summary>
    async Task<Dictionary<Guid, Dictionary<Guid, LastCharged>>> LastCharges(Codes codes, CancellationToken cancel)
    {
        var (before, since) = (terms.Period.From, terms.Period.From.AddDays(-ComparableDays));
        var kinds = prices.Kinds.Select(k => k.Id).ToList();
        var (bills, billLines) = (reading.Charged.Bills, reading.Charged.BillLines);
        var lines = await (from house in In(reading.Charged, codes)
                           join bill in bills on house.Id equals bill.HouseId
                           where bill.State != BillState.Voided && bill.PeriodTo < before && bill.PeriodTo >= since
                           join line in billLines on bill.Id equals line.BillId
                           where kinds.Contains(line.FeeKindId)
                           select new { bill.HouseId, bill.RunId, line.FeeKindId, line.From, line.To, line.AmountFen })
            .Along(bills, nameof(Bill.HouseId)).Along(billLines, nameof(BillLine.BillId)).ToListAsync(cancel);
        return lines.GroupBy(l => l.HouseId).ToDictionary(house => house.Key, house => house.GroupBy(l => l.FeeKindId).ToDictionary(kind => kind.Key, kind =>
        {
            var run = kind.GroupBy(l => l.RunId).OrderByDescending(r => r.Max(l => l.To)).ThenBy(r => r.Key).First();
            return new LastCharged(run.Sum(l => l.AmountFen), new DateRange(run.Min(l => l.From), run.Max(l => l.To)).Days);
        }));
    }

    static int Month(DateOnly day) => day.Year * 100 + day.Month;
}
