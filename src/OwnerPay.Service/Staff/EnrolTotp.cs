using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OtpNet;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <param name="Required">This person's roles ask for it.</param>
/// <param name="RecoveryCodesLeft">One-time codes not used yet.</param>
public sealed record TotpState(bool Enrolled, bool Required, int RecoveryCodesLeft);

/// <param name="Secret">Base 32, for typing it into the app.</param>
/// <param name="OtpauthUri">What the QR code says.</param>
/// <param name="QrPng">The QR code as PNG, base 64.</param>
public sealed record TotpOffer(string Secret, string OtpauthUri, byte[] QrPng);

/// <param name="Code">Six digits from the app.</param>
public sealed record TotpCode([property: Required, MaxLength(32)] string Code);

/// <param name="RecoveryCodes">Shown this once; each opens the door once when the phone is lost.</param>
public sealed record TotpConfirmed(IReadOnlyList<string> RecoveryCodes);

/// <summary>A member of staff sets up the second factor: a secret is offered, a first code proves that the phone has it.</summary>
/// <remarks>Errors: <c>totp_enrolled</c>, <c>totp_not_offered</c> 409; <c>totp_wrong</c> 401; <c>password_sign_in_needed</c> 403 with a token.</remarks>
public sealed class EnrolTotp(OwnerPayDb db, MasterKey master, CheckTotp check, TotpPolicy policy, Audit audit)
{
    public static readonly Error Wrong = new(401, "totp_wrong", "动态验证码不正确或已使用")
    {
        Field = "code", Detail = "请等待验证器显示下一组 6 位数字后再输入；连续输错 5 次将锁定 15 分钟",
    };

    static readonly Error Enrolled = new(409, "totp_enrolled", "已绑定动态验证码") { Detail = "更换手机时，请由另一位管理员或经理为您重置后重新绑定" };
    static readonly Error NotOffered = new(409, "totp_not_offered", "请先获取绑定二维码");
    const string Issuer = "OwnerPay";

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/totp", Get).WithName("showTotp").ForStaff().BeforeTotp();
        doors.Staff.MapPost("/totp", Post).WithName("offerTotp").ForStaff().BeforeTotp().CanFail(Enrolled, Tokens.PasswordNeeded);
        doors.Staff.MapPost("/totp/confirm", Confirm).WithName("confirmTotp").ForStaff().BeforeTotp().CanFail(Wrong, Enrolled, NotOffered, Tokens.PasswordNeeded);
        doors.Staff.MapPost("/totp/recovery-codes", Renew).WithName("renewRecoveryCodes").ForStaff().CanFail(Wrong, NotOffered, Tokens.PasswordNeeded);
    }

    static async Task<Ok<TotpState>> Get(StaffAccess access, OwnerPayDb db, TotpPolicy policy, CancellationToken cancel) => TypedResults.Ok(new TotpState(
        access.TotpEnrolled, policy.Asks(access.Held), await db.RecoveryCodes.CountAsync(c => c.StaffId == access.StaffId && c.UsedAt == null, cancel)));

    static async Task<Results<Ok<TotpOffer>, ProblemHttpResult>> Post(StaffAccess access, EnrolTotp enrol, HttpContext http, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        return (await enrol.Offer(access, cancel)).ToHttp(offer => TypedResults.Ok(offer));
    }

    static async Task<Results<Ok<TotpConfirmed>, ProblemHttpResult>> Confirm(
        StaffAccess access, TotpCode request, EnrolTotp enrol, HttpContext http, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        var confirmed = await enrol.Accept(request.Code, access, cancel);
        if (!confirmed.Done) return confirmed.Refusal!.ToProblem();
        // All cookies given out before have ended; whoever just proved the phone goes on.
        await http.SignInAsync(StaffDoor.Cookie, StaffDoor.Principal(confirmed.Value.Account, confirmed.Value.At));
        return TypedResults.Ok(new TotpConfirmed(confirmed.Value.Codes));
    }

    static async Task<Results<Ok<TotpConfirmed>, ProblemHttpResult>> Renew(
        StaffAccess access, TotpCode request, EnrolTotp enrol, HttpContext http, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        return (await enrol.NewCodes(request.Code, access, cancel)).ToHttp(codes => TypedResults.Ok(codes));
    }

    readonly CheckTotp check = check;

    /// <summary>A fresh secret each time, until one is confirmed.</summary>
    async Task<Result<TotpOffer>> Offer(StaffAccess access, CancellationToken cancel)
    {
        if (access.ByToken) return Tokens.PasswordNeeded;
        if (access.TotpEnrolled) return Enrolled;
        var secret = RandomNumberGenerator.GetBytes(20);
        var (wrapped, now) = (master.Wrap(StaffTotp.SecretPurpose, secret), TimeProvider.System.GetUtcNow());
        await db.InsertUnlessThere(new StaffTotp { StaffId = access.StaffId, SecretWrapped = wrapped, CreatedAt = now }, cancel);
        // Not the secret of a confirmed phone: between the look above and now another window may have confirmed one.
        if (await db.StaffTotps.Where(t => t.StaffId == access.StaffId && t.ConfirmedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.SecretWrapped, wrapped).SetProperty(t => t.CreatedAt, now), cancel) == 0) return Enrolled;
        audit.Add(null, access.StaffId.ToString("N"), "totp.offered", access.StaffId, new { });
        await db.SaveChangesAsync(cancel);
        var text = Base32Encoding.ToString(secret).TrimEnd('=');
        var uri = $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(access.Login)}?secret={text}&issuer={Issuer}&digits=6&period=30";
        return new TotpOffer(text, uri, PaperHtml.QrPng(uri));
    }

    async Task<Result<(StaffAccount Account, DateTimeOffset At, IReadOnlyList<string> Codes)>> Accept(string code, StaffAccess access, CancellationToken cancel)
    {
        if (access.ByToken) return Tokens.PasswordNeeded;
        if (access.TotpEnrolled) return Enrolled;
        if (!await db.StaffTotps.AnyAsync(t => t.StaffId == access.StaffId, cancel)) return NotOffered;
        if (!await check.Run(access.StaffId, code, recovery: false, cancel)) return Wrong;
        var at = Milliseconds(TimeProvider.System.GetUtcNow());
        DateTimeOffset? confirmed = at;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.StaffTotps.Where(t => t.StaffId == access.StaffId && t.ConfirmedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.ConfirmedAt, confirmed), cancel) == 0) return Enrolled;
        await Tokens.RevokeAll(db, access.StaffId, cancel);    // none was made behind a second factor
        var codes = await Fresh(access.StaffId, cancel);
        audit.Add(null, access.StaffId.ToString("N"), "totp.confirmed", access.StaffId, new { required = policy.Asks(access.Held) });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return (await db.StaffAccounts.AsNoTracking().SingleAsync(a => a.Id == access.StaffId, cancel), at, codes);
    }

    async Task<Result<TotpConfirmed>> NewCodes(string code, StaffAccess access, CancellationToken cancel)
    {
        if (access.ByToken) return Tokens.PasswordNeeded;
        if (!access.TotpEnrolled) return NotOffered;
        if (!await check.Run(access.StaffId, code, recovery: false, cancel)) return Wrong;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var codes = await Fresh(access.StaffId, cancel);
        audit.Add(null, access.StaffId.ToString("N"), "recovery-codes.renewed", access.StaffId, new { });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new TotpConfirmed(codes);
    }

    async Task<IReadOnlyList<string>> Fresh(Guid staffId, CancellationToken cancel)
    {
        await db.RecoveryCodes.Where(c => c.StaffId == staffId).ExecuteDeleteAsync(cancel);
        string[] codes = [.. Enumerable.Range(0, RecoveryCode.Count).Select(_ => RecoveryCode.Draw())];
        foreach (var code in codes) db.Add(new RecoveryCode { Id = Guid.CreateVersion7(), StaffId = staffId, Hash = RecoveryCode.HashOf(code) });
        return codes;
    }

    // As the database keeps it: the cookie's stamp is made of it.
    static DateTimeOffset Milliseconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}

/// <summary>Another admin or manager takes the second factor off an account whose phone is lost: it is signed out everywhere and sets up a new one.</summary>
/// <remarks>Errors: <c>staff_not_found</c> 404; <c>own_totp</c> 403.</remarks>
public sealed class ResetTotp(OwnerPayDb db, Audit audit)
{
    static readonly Error Own = new(403, "own_totp", "不能重置自己的动态验证码") { Detail = "请由另一位管理员或经理办理，或使用恢复码登录" };

    public static void Map(Doors doors) => doors.Staff.MapPost("/accounts/{id:guid}/totp/reset", Post).WithName("resetTotp")
        .ForStaff(StaffRole.Admin, StaffRole.Manager).CanFail(KeepAccounts.NotFound, Own);

    static async Task<Results<NoContent, ProblemHttpResult>> Post(Guid id, StaffMember by, ResetTotp reset, CancellationToken cancel) =>
        await reset.Run(id, by, cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    /// <returns>Null when the account has none any more, since now or before.</returns>
    async Task<Error?> Run(Guid id, StaffMember by, CancellationToken cancel)
    {
        if (id == by.StaffId) return Own;
        if (await db.StaffAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancel) is not { } account) return KeepAccounts.NotFound;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.StaffTotps.Where(t => t.StaffId == id).ExecuteDeleteAsync(cancel);
        await db.RecoveryCodes.Where(c => c.StaffId == id).ExecuteDeleteAsync(cancel);
        await Tokens.RevokeAll(db, id, cancel);
        audit.Add(by, "totp.reset", id, new { account.Login });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }
}
