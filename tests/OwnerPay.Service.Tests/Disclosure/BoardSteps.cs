using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Disclosure;

/// <summary>What staff and owners do at the notice board.</summary>
public static class BoardSteps
{
    public static object Notice(string title, string body, string category = "general", string audience = "community", string? buildingCode = null,
        string? houseCode = null, bool pinned = false, string? validFrom = null, string? validTo = null, object? progress = null) =>
        new { category, title, body, audience, buildingCode, houseCode, pinned, validFrom, validTo, progress };

    /// <summary>Drafted and published by the clerk; a category that needs two people waits for the manager.</summary>
    /// <returns>The notice's id.</returns>
    public static async Task<Guid> Publish(this Estate estate, object notice, bool tell = false)
    {
        var id = (await estate.Clerk.Post(estate.Path + "/notices", notice)).Done()["noticeId"].GetValue<Guid>();
        var answer = (await estate.Clerk.Post($"{estate.Path}/notices/{id}/publish", new { tell })).Done();
        if (answer.Body!["approvalId"] is { } approval) (await estate.Manager.Post($"{estate.Path}/approvals/{approval}/approve",
            new { note = "同意" })).Done();
        return id;
    }

    /// <summary>Everybody owes a month that fell due ten days ago. A run issues nothing that is late already, so the days are put back afterwards.</summary>
    public static async Task Owe(this Estate estate)
    {
        await estate.BillAll();
        await estate.BecomeLate();
    }

    /// <summary>All bills fell due ten days ago.</summary>
    public static Task BecomeLate(this Estate estate) => estate.Change(async db =>
    {
        foreach (var bill in await db.Bills.Where(b => b.CommunityId == estate.CommunityId).ToListAsync())
            db.Entry(bill).Property(b => b.DueOn).CurrentValue = new DateOnly(2026, 11, 30);
    });

    public static async Task<string[]> Titles(this TestOwner owner) =>
        [.. (await owner.Api.Get(owner.Path + "/notices")).Done() is var board
            ? board["pinned"].AsArray().Concat(board["items"].AsArray()).Select(n => n!["title"]!.GetValue<string>()) : []];

    public static async Task<JsonNode> StaffNotice(this Estate estate, Guid id) =>
        (await estate.Clerk.Get($"{estate.Path}/notices/{id}")).Done().Body!;

    public static Task<Answer> Attach(this Estate estate, Guid notice, string name, byte[] bytes) =>
        estate.Clerk.Post($"{estate.Path}/notices/{notice}/files", Form(name, bytes));

    static MultipartFormDataContent Form(string name, byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return new MultipartFormDataContent { { content, "file", name } };
    }

    /// <summary>A PDF of this size, as far as anybody looks at it here.</summary>
    public static byte[] Pdf(int bytes = 2_000)
    {
        var file = new byte[bytes];
        new Random(bytes).NextBytes(file);
        Encoding.ASCII.GetBytes("%PDF-1.7\n").CopyTo(file, 0);
        return file;
    }
}
