using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging.Sms;

/// <summary>Delivery reports (SmsReport) and answers of receivers (SmsUp), as the provider posts them: JSON arrays without a signature, proved by the
/// secret in their address.</summary>
/// <remarks>A report may come before we noted that the message left, and comes again when we do not answer with code 0: then nothing of it is
/// lost.</remarks>
public sealed class ReceiveSmsReports(OwnerPayDb db, ContinueChains chains, Audit audit)
{
    const int MostBytes = 256 * 1024;

    sealed record Report(
        [property: JsonPropertyName("biz_id")] string? BizId, [property: JsonPropertyName("out_id")] string? OutId,
        [property: JsonPropertyName("success")] bool Success, [property: JsonPropertyName("err_code")] string? Code,
        [property: JsonPropertyName("report_time")] string? At);

    sealed record Reply([property: JsonPropertyName("phone_number")] string? Number, [property: JsonPropertyName("content")] string? Text);

    sealed record Noted(int Code, string Msg);

    static readonly Noted Done = new(0, "接收成功"), Again = new(1, "请稍后重试");

    public static void Map(Doors doors)
    {
        doors.Providers.MapPost("/sms/{token:length(32)}/reports", PostReports).WithName("receiveSmsReports").BeforeSignIn(Door.Public,
            RateLimits.Callbacks);
        doors.Providers.MapPost("/sms/{token:length(32)}/replies", PostReplies).WithName("receiveSmsReplies").BeforeSignIn(Door.Public,
            RateLimits.Callbacks);
    }

    static async Task<IResult> PostReports(string token, HttpContext http, [FromServices] ReceiveSmsReports receive, CancellationToken cancel)
    {
        if (!await receive.Knows(token, cancel)) return TypedResults.NotFound();
        if (await Read<Report>(http, cancel) is not { } reports) return TypedResults.BadRequest();
        return await receive.Note(reports, cancel) ? TypedResults.Json(Done) : TypedResults.Json(Again,
            statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    static async Task<IResult> PostReplies(string token, HttpContext http, [FromServices] ReceiveSmsReports receive, CancellationToken cancel)
    {
        if (!await receive.Knows(token, cancel)) return TypedResults.NotFound();
        if (await Read<Reply>(http, cancel) is not { } replies) return TypedResults.BadRequest();
        foreach (var reply in replies)
            if (reply is { Number: { } number, Text: { } text } && SmsText.IsOptOut(text)) await receive.OptOut(number, cancel);
        return TypedResults.Json(Done);
    }

    static async Task<List<T>?> Read<T>(HttpContext http, CancellationToken cancel)
    {
        if (await RequestBody.Read(http.Request, MostBytes, cancel) is not { } body) return null;
        try { return JsonSerializer.Deserialize<List<T>>(body); }
        catch (JsonException) { return null; }
    }

    async Task<bool> Knows(string token, CancellationToken cancel) =>
        await db.SmsAccounts.AsNoTracking().Select(a => a.ReportHash).SingleOrDefaultAsync(cancel) is { } hash
        && CryptographicOperations.FixedTimeEquals(hash, SetSmsAccount.Hash(token));

    /// <returns>False when one of them speaks of a message that is being sent at this moment.</returns>
    async Task<bool> Note(List<Report> reports, CancellationToken cancel)
    {
        var all = true;
        foreach (var report in reports)
        {
            if (report.BizId is not { Length: > 0 } number || !Guid.TryParse(report.OutId, out var id)) continue;
            var delivery = await db.Deliveries.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && d.Channel == MessageChannel.Sms, cancel);
            if (delivery is { State: DeliveryState.Claimed or DeliveryState.Waiting }) all = false;
            else if (delivery is { State: DeliveryState.Sent, DeliveredAt: null } && delivery.ProviderId == number) await Note(report, delivery,
                cancel);
        }
        return all;
    }

    Task<bool> Note(Report report, Delivery delivery, CancellationToken cancel) => db.AgainFromTheStart(async () =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancel);
        var sent = db.Deliveries.Where(d => d.Id == delivery.Id && d.State == DeliveryState.Sent && d.DeliveredAt == null);
        if (report.Success)
        {
            var at = DateTime.TryParseExact(report.At, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
                ? new DateTimeOffset(local, Clock.ShanghaiOffset) : TimeProvider.System.GetUtcNow();
            await sent.ExecuteUpdateAsync(set => set.SetProperty(d => d.DeliveredAt, at), cancel);
        }
        else
        {
            var code = report.Code is { Length: > 0 and <= 100 } told ? told : "undelivered";
            if (await sent.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryState.Failed).SetProperty(d => d.Reason, code),
                cancel) > 0)
                await chains.GoOn(delivery.Kind, [delivery.SubjectId], cancel);
        }
        await transaction.CommitAsync(cancel);
        return true;
    }, cancel);

    /// <summary>Whoever has the number gets no more promotions by text message; what he must know he still gets.</summary>
    async Task OptOut(string number, CancellationToken cancel)
    {
        var (phones, wishes) = (db.Set<PersonPhone>(), db.ContactPreferences);
        var persons = await phones.Where(p => p.Number == number).Select(p => p.PersonId).ToListAsync(cancel);
        foreach (var wish in await wishes.Where(p => persons.Contains(p.Id) && p.PromotionSince != null).ToListAsync(cancel))
        {
            wish.PromotionSince = null;
            audit.Add(wish.CommunityId, Audit.System, "contact.promotion-opted-out", wish.Id, new { By = "sms" });
        }
        await db.SaveChangesAsync(cancel);
    }
}
