using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <param name="HouseCode">A house of the community, whose newest bill or payment is put in.</param>
public sealed record PreviewRequest([property: Required] TemplateInput Template, [property: Required, MaxLength(40)] string HouseCode);

/// <param name="IsSample">The house has nothing of the kind: the longest sample values stand in.</param>
/// <param name="Fields">WeChat's fields as the phone shows them; empty where none are sent. The official account's alike.</param>
/// <param name="Sms">With the signature, as it arrives; null where none is sent.</param>
/// <param name="SmsParts">Text messages that are charged for it.</param>
public sealed record PreviewAnswer(
    bool IsSample, string InboxTitle, string InboxBody, IReadOnlyDictionary<string, string> Fields,
    IReadOnlyDictionary<string, string> OfficialFields,
    string? Sms, int SmsParts, string? EmailSubject, string? EmailText, string? Letter, IReadOnlyList<MessageChannel> Chain);

/// <summary>Shows a template as a real house would get it, before it is proposed; the same checks as at saving. Nothing is stored or sent.</summary>
/// <remarks>Errors: <c>message_kind_unknown</c>, <c>template_invalid</c> 400; <c>house_not_found</c> 404.</remarks>
public sealed class PreviewTemplate(OwnerPayDb db, MessageKinds kinds)
{
    /// <summary>Stands in until an account with its signature is set.</summary>
    const string NoSignature = "签名";

    static readonly Error KindUnknown = new(400, "message_kind_unknown", "没有这种消息");
    static readonly Error HouseNotFound = new(404, "house_not_found", "没有找到该房屋") { Field = "houseCode" };

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/messaging/templates/preview", Post).WithName("previewTemplate")
            .ForStaff(StaffRole.Clerk, StaffRole.Manager).CanFail(Problems.Validation, KindUnknown, CheckTemplate.Invalid, HouseNotFound);

    static async Task<Results<Ok<PreviewAnswer>, ProblemHttpResult>> Post(
        StaffMember staff, PreviewRequest request, PreviewTemplate preview, CancellationToken cancel) =>
        (await preview.Run(request, staff.CommunityId, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<PreviewAnswer>> Run(PreviewRequest request, Guid community, CancellationToken cancel)
    {
        var input = request.Template;
        if (kinds.Find(input.Kind) is not { } kind) return KindUnknown.At("template.kind", $"没有“{input.Kind}”这种消息");
        if (CheckTemplate.Fault(input, kind, "template") is { } fault) return fault;
        var house = await db.Houses.AsNoTracking().SingleOrDefaultAsync(h => h.CommunityId == community && h.Code == request.HouseCode, cancel);
        if (house is null) return HouseNotFound;
        var subject = await kind.Example(house.Id, cancel);
        var values = subject is { } known
            ? await kind.Values(new Message { CommunityId = community, HouseId = house.Id, Kind = kind.Kind, SubjectId = known },
                cancel) : kind.Sample;
        var signature = await db.SmsAccounts.Select(a => a.SignName).SingleOrDefaultAsync(cancel) ?? NoSignature;
        string Fill(string text) => TemplateText.Fill(text, values, out _);
        var sms = input.Sms is { } body ? SmsText.Signed(signature, Fill(body.Text)) : null;
        return new PreviewAnswer(subject is null, Fill(input.InboxTitle), Fill(input.InboxBody), Fields(input.Fields, values),
            Fields(input.Official?.Fields, values),
            sms, SmsText.Parts(sms ?? ""), input.Email is { } mail ? Fill(mail.Subject) : null, input.Email is { } letter ? Fill(letter.Text) : null,
            input.Letter is { Length: > 0 } paper ? Fill(paper) : null, CheckTemplate.Chain(input));
    }

    static Dictionary<string, string> Fields(IReadOnlyDictionary<string, string>? fields, IReadOnlyDictionary<string, string> values) =>
        fields is null ? [] : RenderMessages.Fields(JsonSerializer.Serialize(fields, Json.Options), values);
}
