using System.Text;

namespace OwnerPay.Service.Platform.Printing;

/// <summary>Answers with a print page, document after document as they are composed: a batch for a whole estate holds one of them in memory at a time.</summary>
/// <param name="title">Of the browser's window and of the file when it is printed to one.</param>
/// <param name="nothing">What the page says when there is no document, in Chinese.</param>
/// <param name="one">See <see cref="PaperHtml.Begin"/>.</param>
public sealed class PrintPages(string title, IAsyncEnumerable<Paper> papers, string nothing, bool one = false) : IResult
{
    const int FlushAt = 64 << 10;

    public PrintPages(string title, Paper paper) : this(title, new[] { paper }.ToAsyncEnumerable(), "", one: true) { }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        // The first document is composed before anything is sent, so that a failure can still be answered as one.
        var cancel = httpContext.RequestAborted;
        await using var all = papers.GetAsyncEnumerator(cancel);
        var any = await all.MoveNextAsync();
        Head(httpContext.Response);
        var pipe = httpContext.Response.BodyWriter;
        Encoding.UTF8.GetBytes(PaperHtml.Begin(title, one), pipe);
        if (!any) Encoding.UTF8.GetBytes(PaperHtml.Nothing(nothing), pipe);
        for (; any; any = await all.MoveNextAsync())
        {
            Encoding.UTF8.GetBytes(PaperHtml.Sheet(all.Current), pipe);
            if (pipe.UnflushedBytes > FlushAt) await pipe.FlushAsync(cancel);
        }
        Encoding.UTF8.GetBytes(PaperHtml.End, pipe);
        await pipe.FlushAsync(cancel);
    }

    static void Head(HttpResponse response)
    {
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = PaperHtml.Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";    // personal data does not stay in a shared browser
    }
}

public static class FileAnswers
{
    /// <summary>Says in the API document that the route answers with a file of this kind, to be fetched as a download.</summary>
    public static RouteHandlerBuilder AnswersFile(this RouteHandlerBuilder route, string mediaType) => route.Produces<byte[]>(StatusCodes.Status200OK, mediaType);
}
