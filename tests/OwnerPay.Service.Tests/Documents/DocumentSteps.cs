using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Documents;

/// <summary>What came back for a page or a file.</summary>
public sealed record Fetched(int Status, string? MediaType, string? Policy, byte[] Body)
{
    /// <summary>As the reader sees it: what was encoded is decoded.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    public Fetched Done()
    {
        Assert.True(Status == 200, $"{Status} {Text}");
        return this;
    }
}

/// <summary>Pages and files, as a person opens them, and the programs that read a PDF as others do.</summary>
public static class DocumentSteps
{
    /// <param name="who">Whose token is sent.</param>
    /// <param name="path">From the root: <c>/print/…</c> or <c>/api/…</c>.</param>
    public static async Task<Fetched> Fetch(this Estate estate, Api who, string path, int instance = 0)
    {
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[instance], Timeout = TimeSpan.FromSeconds(100) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", who.Token);
        using var answer = await http.GetAsync(path);
        return new Fetched((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType,
            answer.Headers.TryGetValues("Content-Security-Policy", out var policy) ? policy.Single() : null, await answer.Content.ReadAsByteArrayAsync());
    }

    public static string Print(this Estate estate, string path) => $"/print/communities/{estate.CommunityId}{path}";

    public static string StaffApi(this Estate estate, string path) => $"/api/staff/v1{estate.Path}{path}";

    public static string OwnerApi(this TestOwner owner, string path) => $"/api/owner/v1{owner.Path}{path}";

    /// <summary>Radicals that stand for whole characters and that NFKC leaves alone (EquivalentUnifiedIdeograph of the Unicode database).</summary>
    const string Radicals = "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳", Whole = "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟";

    /// <summary>The words of a PDF in reading order. Some characters come out as radicals of the same look: NFKC makes most of them the usual ones.</summary>
    public static async Task<string> PdfText(byte[] pdf)
    {
        var text = (await Through("pdftotext", pdf, ".pdf", file => ["-layout", "-enc", "UTF-8", file, "-"])).Normalize(NormalizationForm.FormKC);
        return string.Concat(text.Select(c => Radicals.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? Whole[at] : c));
    }

    /// <summary>What the codes on the first page of a PDF say.</summary>
    public static async Task<string> PdfCodes(byte[] pdf)
    {
        var picture = Path.Combine(Path.GetTempPath(), "page-" + Guid.CreateVersion7().ToString("N"));
        await Through("pdftoppm", pdf, ".pdf", file => ["-r", "150", "-f", "1", "-l", "1", "-png", "-singlefile", file, picture]);
        try { return await Codes(await File.ReadAllBytesAsync(picture + ".png")); }
        finally { File.Delete(picture + ".png"); }
    }

    /// <summary>What the codes in a picture say, a line each.</summary>
    public static Task<string> Codes(byte[] png) => Through("zbarimg", png, ".png", file => ["--quiet", "--raw", file]);

    static async Task<string> Through(string program, byte[] input, string ending, Func<string, string[]> arguments)
    {
        var file = Path.Combine(Path.GetTempPath(), "document-" + Guid.CreateVersion7().ToString("N") + ending);
        await File.WriteAllBytesAsync(file, input);
        try
        {
            var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
            foreach (var argument in arguments(file)) info.ArgumentList.Add(argument);
            using var process = Process.Start(info)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{program}: {process.ExitCode} {await error}");
            return await output;
        }
        finally { File.Delete(file); }
    }
}
