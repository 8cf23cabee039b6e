using System.Net.Http.Headers;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Roster;

/// <summary>Uploads rosters as a clerk's browser does and waits for the report.</summary>
static class RosterImporting
{
    public static MultipartFormDataContent Form(byte[] file, string name = "roster.xlsx")
    {
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        return new MultipartFormDataContent { { part, "file", name } };
    }

    /// <returns>The report, when the import has ended.</returns>
    public static async Task<Answer> Import(this Estate estate, byte[] file, bool goodRows = false, string name = "roster.xlsx")
    {
        var started = await estate.Clerk.Post($"{estate.Path}/roster/imports?goodRows={(goodRows ? "true" : "false")}", Form(file, name));
        Assert.Equal(202, started.Status);
        var path = $"{estate.Path}/roster/imports/{started["importId"].GetValue<Guid>()}";
        Answer? report = null;
        await Estate.Eventually(async () => (report = (await estate.Clerk.Get(path)).Done())["state"].GetValue<string>() != "running",
            "the import ends");
        return report!;
    }

    public static (int Read, int Written, int Unchanged, int Skipped, int Bad) Counts(this Answer report)
    {
        int Count(string name) => report[name].GetValue<int>();
        Assert.Equal(Count("read"), Count("written") + Count("unchanged") + Count("skipped") + Count("bad"));
        return (Count("read"), Count("written"), Count("unchanged"), Count("skipped"), Count("bad"));
    }
}
