using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Payments.PayLinks;

/// <summary>A mini-program code (小程序码) that opens a pay link, to print on paper.</summary>
public sealed record PayLinkCode(Guid LinkId, byte[] Png, DateTimeOffset ExpiresAt);

/// <summary>Draws mini-program codes for pay links. Each call makes a link of its own, because only the picture ever carries its characters.</summary>
/// <remarks>Errors besides those of making a link: <c>mini_program_missing</c> 409; <c>wechat_busy</c> 503; <c>mini_program_code_refused</c> 502.</remarks>
public sealed class PayLinkCodes(OwnerPayDb db, MakePayLink make, MiniPrograms programs, MiniProgramClient wechat, ServiceSettings settings)
{
    public static readonly Error NoProgram = new(409, "mini_program_missing", "本小区尚未配置小程序，不能生成小程序码");
    public static readonly Error Refused = new(502, "mini_program_code_refused", "微信未能生成小程序码，请联系系统管理员检查小程序是否已发布缴费页面");

    public static readonly Error[] Errors = [NoProgram, Refused, OpenSession.WeChatBusy, .. MakePayLink.Errors];

    /// <summary>The code that statements carry: a pay link's, or none where WeChat draws none just now; the page then names the other ways to pay.</summary>
    public async Task<PaperCode?> OnStatement(Guid house, IReadOnlyList<Guid> bills, StaffMember by, CancellationToken cancel) =>
        await Png(house, bills, by, cancel) is { Done: true } drawn ? new PaperCode(drawn.Value.Png, "小程序缴费码", "微信扫码缴费") : null;

    /// <summary>Makes a pay link for bills of a house and draws its code as PNG.</summary>
    /// <param name="bills">Null: all open bills of the house's present liable party.</param>
    /// <param name="width">Pixels, 280 to 1280.</param>
    public async Task<Result<PayLinkCode>> Png(Guid house, IReadOnlyList<Guid>? bills, StaffMember by, CancellationToken cancel, int width = 430)
    {
        var app = await db.MerchantAccounts.AsNoTracking().Where(m => m.CommunityId == by.CommunityId).OrderBy(m => m.Id).Select(m => m.AppId).FirstOrDefaultAsync(cancel);
        if (app is null || await programs.Find(app, cancel) is not { } program) return NoProgram;
        var token = PayLink.NewToken();
        // The picture first: a link without one would be of no use to anybody.
        var drawn = await wechat.CreateCodeAsync(program, new MiniProgramCodeRequest(token, settings.PayLinkPage, settings.PayLinkPageIsPublished, Width: width, IsHyaline: true), cancel);
        if (!drawn.IsSuccess)
            return drawn.Failure.Problem is MiniProgramProblem.Busy or MiniProgramProblem.Unreachable or MiniProgramProblem.Throttled or MiniProgramProblem.DailyLimit
                ? OpenSession.WeChatBusy : Refused;
        var made = await make.ByStaff(house, bills, token, by, cancel);
        return made.Refusal is { } refusal ? refusal : new PayLinkCode(made.Value.LinkId, drawn.Value.Image, made.Value.ExpiresAt);
    }
}
