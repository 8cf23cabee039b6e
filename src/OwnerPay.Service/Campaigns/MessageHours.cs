using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>The hours in which a community sends.</summary>
public sealed class MessageHours(OwnerPayDb db, Clock clock)
{
    /// <summary>The instant itself, or the next at which the community's hours open.</summary>
    public async Task<DateTimeOffset> NextAllowed(Guid community, DateTimeOffset instant, CancellationToken cancel)
    {
        var all = db.MessageSettings;
        var settings = await all.AsNoTracking().SingleOrDefaultAsync(s => s.Id == community, cancel) ?? new MessageSettings { Id = community };
        return settings.NextAllowed(instant);
    }

    public async Task<bool> AreOpen(Guid community, CancellationToken cancel)
    {
        var now = clock.Now();
        return await NextAllowed(community, now, cancel) == now;
    }
}
