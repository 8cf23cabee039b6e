using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

public enum GrantResult { Accept, Reject }

/// <param name="TemplateId">WeChat's template id, one of <c>GET …/message-templates</c>.</param>
/// <param name="Result">What <c>wx.requestSubscribeMessage</c> said for it; one call per template and tap.</param>
public sealed record GrantRequest([property: Required, MaxLength(64)] string TemplateId, GrantResult Result);

/// <param name="Left">Messages of this template that the user allows now.</param>
public sealed record GrantAnswer(string TemplateId, int Left);

/// <summary>The user answered the dialog: each accept of a one-time template allows one message later. A reject takes nothing away.</summary>
/// <remarks>Errors: <c>template_unknown</c> 404. The idempotency key belongs to the tap, so that a repeated call counts once.</remarks>
public sealed class AcceptMessages(OwnerPayDb db, Grants grants)
{
    static readonly Error TemplateUnknown = new(404, "template_unknown", "没有这个消息模板") { Field = "templateId" };

    public static void Map(Doors doors) =>
        doors.Owner.MapPost("/grants", Post).WithName("acceptMessages").ForOwners()
            .CanFail(TemplateUnknown, IdempotencyKey.Missing, IdempotencyKey.Reused);

    static async Task<Results<Ok<GrantAnswer>, ProblemHttpResult>> Post(
        IdempotencyKey key, SignedIn user, GrantRequest request, AcceptMessages accept, CancellationToken cancel) =>
        (await accept.Run(request, key, user, cancel)).ToHttp(TypedResults.Ok);

    public Task<Result<GrantAnswer>> Run(GrantRequest request, IdempotencyKey key, SignedIn user, CancellationToken cancel) =>
        db.Once<GrantAnswer>(key, request, async () =>
        {
            var templates = db.MessageTemplates;
            if (!await templates.AnyAsync(t => t.WeChatTemplateId == request.TemplateId && t.State == TemplateState.Active, cancel))
                return TemplateUnknown;
            var left = request.Result == GrantResult.Accept
                ? await grants.Accept(user.WeChatUserId, request.TemplateId, cancel)
                : await grants.Left(user.WeChatUserId, request.TemplateId, cancel);
            return new GrantAnswer(request.TemplateId, left);
        }, cancel);
}
