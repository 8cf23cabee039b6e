using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Owners;

/// <param name="Secret">WeChat's AppSecret; kept wrapped, never shown again.</param>
/// <param name="PushToken">Token of the message push as entered in WeChat's console; absent: it stays as it is.</param>
/// <param name="PushEncodingAesKey">EncodingAESKey of the same page, 43 characters; together with the token.</param>
public sealed record MiniProgramRequest(
    [property: Required, RegularExpression("[A-Za-z0-9_-]{8,32}")] string AppId,
    [property: Required, StringLength(128, MinimumLength = 8)] string Secret,
    [property: RegularExpression("[A-Za-z0-9]{3,32}")] string? PushToken = null,
    [property: RegularExpression("[A-Za-z0-9+/]{43}")] string? PushEncodingAesKey = null);

/// <param name="PushUrl">What to enter as the message push's URL in WeChat's console; null while its keys are not set.</param>
public sealed record MiniProgramAnswer(Guid Id, string AppId, string? PushUrl);

/// <summary>An administrator names a mini-program account, gives it a new secret, or sets up its message push.</summary>
/// <remarks>Errors: <c>push_keys_incomplete</c> 400.</remarks>
public sealed class SetMiniProgram(OwnerPayDb db, MasterKey master, Audit audit, ServiceSettings settings)
{
    static readonly Error KeysIncomplete = new(400, "push_keys_incomplete", "消息推送的 Token 与 EncodingAESKey 需同时提供");

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/mini-programs", Post).WithName("setMiniProgram").ForStaff(StaffRole.Admin).CanFail(KeysIncomplete);

    static async Task<Results<Ok<MiniProgramAnswer>, ProblemHttpResult>> Post(
        StaffMember staff, MiniProgramRequest request, SetMiniProgram set, CancellationToken cancel) =>
        (await set.Run(request, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<MiniProgramAnswer>> Run(MiniProgramRequest request, StaffMember staff, CancellationToken cancel)
    {
        if (request.PushToken is null != request.PushEncodingAesKey is null)
            return KeysIncomplete.At(request.PushToken is null ? "pushToken" : "pushEncodingAesKey");
        var programs = db.MiniPrograms;
        var program = await programs.SingleOrDefaultAsync(m => m.AppId == request.AppId, cancel);
        var isNew = program is null;
        if (program is null) db.Add(program = new MiniProgram { Id = Guid.CreateVersion7(), AppId = request.AppId });
        program.SecretWrapped = master.Wrap(MiniProgram.SecretPurpose, request.Secret);
        if (request is { PushToken: { } token, PushEncodingAesKey: { } key })
            (program.PushTokenWrapped, program.PushAesKeyWrapped) = (master.Wrap(MiniProgram.PushPurpose, token), master.Wrap(MiniProgram.PushPurpose, key));
        audit.Add(staff, isNew ? "mini-program.added" : "mini-program.secret-changed", program.Id, new { request.AppId, Push = request.PushToken is not null });
        await db.SaveChangesAsync(cancel);
        var push = program.PushTokenWrapped is null ? null : $"{settings.PublicUrl.TrimEnd('/')}/wechat/push/{program.AppId}";
        return new MiniProgramAnswer(program.Id, program.AppId, push);
    }
}
