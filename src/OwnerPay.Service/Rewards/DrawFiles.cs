using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Rewards;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>What is published of a draw, from its rows.</summary>
public sealed class PublishedDraws(OwnerPayDb db, MasterKey master)
{
    /// <returns>Null while it is not published, and when it never will be.</returns>
    public async Task<PublishedDraw?> Of(Guid id, CancellationToken cancel)
    {
        var draw = await db.Draws.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && (d.State == DrawState.Open || d.State == DrawState.Closed
            || d.State == DrawState.Drawn),
            cancel);
        return draw is null ? null : await Of(draw, cancel);
    }

    public async Task<PublishedDraw> Of(Draw draw, CancellationToken cancel)
    {
        var (closed, drawn) = (draw.State is DrawState.Closed or DrawState.Drawn, draw.State == DrawState.Drawn);
        var tickets = closed ? await RunDraws.TicketsOf(db, draw.Id, cancel) : [];
        var all = db.DrawTickets;
        var wins = drawn ? await db.DrawWins.AsNoTracking().Where(w => w.DrawId == draw.Id).OrderBy(w => w.Position)
            .Join(all, w => w.TicketId, t => t.Id, (w, t) => new { t.Number, w.State, w.Position }).OrderBy(w => w.Position).ToListAsync(cancel) : [];
        return new(draw.Rules, draw.RulesHash, draw.CommitHex, draw.RootHex, tickets, drawn ? draw.Beacon : null, draw.SeedHex,
            drawn ? Convert.ToHexStringLower(master.Unwrap(Draw.SecretPurpose, draw.SecretWrapped)) : null,
            [.. wins.Select(w => w.Number)], [.. wins.Where(w => w.State == DrawWinState.Replaced).Select(w => w.Number)]);
    }
}

/// <summary>Keeps <c>draws/&lt;id&gt;.json</c> in this instance's data folder: one complete file for each draw that is drawn, and no other. They are
/// kept for ever; the law asks for two years.</summary>
public sealed class DrawFiles(OwnerPayDb db, PublishedDraws published, ServiceSettings settings)
{
    public const string Folder = "draws";

    /// <summary>What this process has written, by path and number of winners: replacing one makes the file anew.</summary>
    static readonly ConcurrentDictionary<string, int> Written = new();

    /// <returns>How many files were written.</returns>
    public async Task<int> Write(CancellationToken cancel)
    {
        var wins = db.DrawWins;
        var drawn = await db.Draws.AsNoTracking().Where(d => d.State == DrawState.Drawn)
            .Select(d => new
            {
                d.Id, Wins = wins.Count(w => w.DrawId == d.Id), Replaced = wins.Count(w => w.DrawId == d.Id
                && w.State == DrawWinState.Replaced)
            }).ToListAsync(cancel);
        var count = 0;
        foreach (var draw in drawn)
        {
            var (path, stand) = (PathOf(settings, draw.Id), draw.Wins * 100_000 + draw.Replaced);
            if (Written.TryGetValue(path, out var known) && known == stand && File.Exists(path)) continue;
            var bytes = (await published.Of(draw.Id, cancel))!.ToBytes();
            if (!File.Exists(path) || !Same(bytes, await File.ReadAllBytesAsync(path, cancel)))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                // Readers see the old file or the new one, never half of one.
                var half = $"{path}.{Guid.CreateVersion7():N}.half";
                await File.WriteAllBytesAsync(half, bytes, cancel);
                File.Move(half, path, overwrite: true);
                count++;
            }
            Written[path] = stand;
        }
        return count;
    }

    static bool Same(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);

    public static string PathOf(ServiceSettings settings, Guid draw) => Path.Combine(settings.Data, Folder, $"{draw}.json");
}
