using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Documents;

/// <summary>A document on its way out.</summary>
/// <param name="Kind">See <see cref="IssuedPaper.Kind"/>.</param>
public sealed record OutgoingPaper(string Kind, Guid SubjectId, Paper Paper);

/// <summary>Gives documents out as PDF and keeps what each of them says, so that a paper that somebody brings can be compared.</summary>
public sealed class IssuePdf(OwnerPayDb db, PaperPdf pdf, Clock clock)
{
    public const string MediaType = "application/pdf";

    /// <summary>One file of one or a few documents.</summary>
    public async Task<Result<FileContentHttpResult>> Run(Guid community, string name, IReadOnlyList<OutgoingPaper> papers, CancellationToken cancel)
    {
        if (pdf.Refusal is { } refusal) return refusal;
        var kept = new List<Paper>();
        foreach (var paper in papers) kept.Add(await Keep(community, paper, cancel));
        return TypedResults.File(pdf.Bytes(name, kept), MediaType, name + ".pdf");
    }

    /// <summary>One file of as many documents as there are: they pass through a temporary file, not through memory.</summary>
    public async Task<Result<FileStreamHttpResult>> Run(Guid community, string name, IAsyncEnumerable<OutgoingPaper> papers, CancellationToken cancel)
    {
        if (pdf.Refusal is { } refusal) return refusal;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), "paper-" + Guid.CreateVersion7().ToString("N")), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        try
        {
            using (var writer = pdf.Begin(file, name))
                await foreach (var paper in papers.WithCancellation(cancel)) writer.Add(await Keep(community, paper, cancel));
            file.Position = 0;
            return TypedResults.Stream(file, MediaType, name + ".pdf");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <returns>The document with its check code at the end.</returns>
    async Task<Paper> Keep(Guid community, OutgoingPaper outgoing, CancellationToken cancel)
    {
        var text = PaperFrozen.Text(outgoing.Paper);
        var hash = PaperFrozen.Hash(text);
        var code = Convert.ToHexString(hash)[..16];
        if (!await db.IssuedPapers.AnyAsync(p => p.CommunityId == community && p.Hash == hash, cancel))
        {
            var row = new IssuedPaper
            {
                Id = Guid.CreateVersion7(), CommunityId = community, Kind = outgoing.Kind, SubjectId = outgoing.SubjectId, Text = text, Hash = hash, CheckCode = code, At = clock.Now(),
            };
            db.Add(row);
            try { await db.SaveChangesAsync(cancel); }
            catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "IssuedPapers", "Hash")) { /* the same document a moment ago */ }
            db.Entry(row).State = EntityState.Detached;    // a batch does not gather in memory
        }
        var spaced = string.Join(' ', code.Chunk(4).Select(four => new string(four)));
        return outgoing.Paper with { Footnotes = [.. outgoing.Paper.Footnotes, $"校验码 {spaced}　可凭此码向物业服务中心核对本单据的内容。"] };
    }
}
