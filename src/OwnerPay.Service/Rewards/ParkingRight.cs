using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>The right to use a parking space for a period (车位使用权), got for points. It holds a row per day as long as its redemption lives.</summary>
public sealed class ParkingRight : IEntityTypeConfiguration<ParkingRight>, ISealed
{
    /// <summary>The redemption's id.</summary>
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid SpaceId { get; init; }
    public string SpaceCode { get; init; } = "";

    /// <summary>First and last Shanghai day.</summary>
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<ParkingRight> table)
    {
        table.ToTable("ParkingRights");
        table.Property(r => r.SpaceCode).HasMaxLength(40);
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => r.CommunityId);
    }
}

/// <summary>A day of a space that is given away. The key is what keeps two rights apart, whichever instances write them.</summary>
public sealed class ParkingRightDay : IEntityTypeConfiguration<ParkingRightDay>
{
    public Guid SpaceId { get; init; }
    public DateOnly Day { get; init; }
    public Guid RightId { get; init; }

    public void Configure(EntityTypeBuilder<ParkingRightDay> table)
    {
        table.ToTable("ParkingRightDays");
        table.HasKey(d => new { d.SpaceId, d.Day });
        table.HasIndex(d => d.RightId);
    }
}

/// <summary>Gives parking rights and takes their days back, inside the caller's transaction.</summary>
public sealed class ParkingRights(OwnerPayDb db)
{
    /// <param name="spaces">Codes among which the first free one is taken.</param>
    /// <returns>Null when none of them is free on all days of the period.</returns>
    public async Task<ParkingRight?> Give(Guid redemption, Guid community, IReadOnlyList<string> spaces, DateOnly from, int days,
        CancellationToken cancel)
    {
        var to = from.AddDays(days - 1);
        // Locked in one order: two that look for a space at once queue up here; the key over space and day has the last word.
        var known = await db.ParkingSpaces.AsNoTracking().Where(s => s.CommunityId == community && spaces.Contains(s.Code) && s.HouseId == null
            && s.PersonId == null)
            .OrderBy(s => s.Id).ForUpdate().ToListAsync(cancel);
        foreach (var space in known.OrderBy(s => s.Code, StringComparer.Ordinal))
        {
            if (await db.ParkingRightDays.AnyAsync(d => d.SpaceId == space.Id && d.Day >= from && d.Day <= to, cancel)) continue;
            List<ParkingRightDay> rows = [.. Enumerable.Range(0, days).Select(day => new ParkingRightDay { SpaceId = space.Id, Day =
                from.AddDays(day), RightId = redemption })];
            if (await db.InsertUnlessThere<ParkingRightDay>(rows, cancel) != days)
                throw new InvalidOperationException($"Parking space {space.Id:N} was given away under its lock");
            var right = new ParkingRight
            {
                Id = redemption, CommunityId = community, SpaceId = space.Id, SpaceCode = space.Code, From = from, To =
                to
            };
            db.Add(right);
            return right;
        }
        return null;
    }

    public Task TakeBack(Guid redemption, CancellationToken cancel) => db.ParkingRightDays.Where(d =>
        d.RightId == redemption).ExecuteDeleteAsync(cancel);
}
