using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Moves a liable party's prepaid money for a house: entry and balance, in the caller's transaction. The journal is the caller's.</summary>
public sealed class PrepaidMoney(OwnerPayDb db, Clock clock)
{
    /// <param name="fen">Positive in, negative out, never 0.</param>
    /// <param name="sourceKind"><c>payment</c> for money that came, <c>bill</c> for money used on a bill.</param>
    /// <exception cref="InvalidOperationException">More is taken out than there is: a bug of the caller, who must look before.</exception>
    /// <returns>Id of the entry.</returns>
    public async Task<Guid> Add(Guid community, Guid house, Guid party, long fen, string sourceKind, Guid sourceId, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfZero(fen);
        if (await Move(house, party, fen, cancel) == 0)
        {
            if (fen < 0) throw new InvalidOperationException($"Prepaid money of house {house:N}, party {party:N} does not hold {-fen} fen");
            // Two payments may bring the first money at once: whoever comes second finds the row and goes on.
            await db.InsertUnlessThere(new PrepaidBalance { CommunityId = community, HouseId = house, PartyId = party }, cancel);
            if (await Move(house, party, fen, cancel) == 0) throw new InvalidOperationException($"Prepaid money of house {house:N}, party {party:N} took no {fen} fen");
        }
        var entry = new PrepaidEntry
        {
            Id = Guid.CreateVersion7(), CommunityId = community, HouseId = house, PartyId = party, DeltaFen = fen,
            SourceKind = sourceKind, SourceId = sourceId, At = clock.Now(),
        };
        db.Add(entry);
        return entry.Id;
    }

    /// <summary>Takes money out whose entry the caller writes himself, with many others. It must be there: the caller holds the balance locked.</summary>
    public async Task Take(PrepaidEntry entry, CancellationToken cancel)
    {
        if (await Move(entry.HouseId, entry.PartyId, entry.DeltaFen, cancel) == 0)
            throw new InvalidOperationException($"Prepaid money of house {entry.HouseId:N}, party {entry.PartyId:N} does not hold {-entry.DeltaFen} fen");
    }

    Task<int> Move(Guid house, Guid party, long fen, CancellationToken cancel) =>
        db.PrepaidBalances.Where(b => b.HouseId == house && b.PartyId == party && b.BalanceFen + fen >= 0)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.BalanceFen, b => b.BalanceFen + fen), cancel);
}
