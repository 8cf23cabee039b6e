using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging.Mail;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <param name="Sms">Notices and reminders may come by text message.</param>
/// <param name="Promotion">The person agrees to offers and promotions by text message and email; may be taken back at any time.</param>
public sealed record ContactWish(bool Sms, bool Promotion);

/// <param name="Phone">The number that text messages go to, masked; null: none is known.</param>
/// <param name="Email">Confirmed address; null: none.</param>
/// <param name="EmailWaits">Address that waits for its code.</param>
public sealed record ContactAnswer(bool Sms, bool Promotion, DateTimeOffset? PromotionSince, string? Phone, string? Email, string? EmailWaits);

public sealed record EmailRequest([property: Required, MaxLength(190)] string Email);

public sealed record EmailCode([property: Required, RegularExpression("[0-9]{6}")] string Code);

/// <summary>How a person may be reached, as he says it himself: text messages, promotions, an email address that he proves with a code.</summary>
/// <remarks>Errors: <c>mail_address_invalid</c> 400; <c>mail_unavailable</c> 503; <c>email_code_wrong</c> 409; <c>email_code_too_soon</c>
/// 429.</remarks>
public sealed class Contact(OwnerPayDb db, Mailer mailer, Audit audit, Clock clock)
{
    const int MostTries = 5;
    static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(15), Pause = TimeSpan.FromMinutes(1);
    static readonly Error Unavailable = new(503, "mail_unavailable", "暂时无法发送验证邮件，请稍后再试");
    static readonly Error CodeWrong = new(409, "email_code_wrong", "验证码不正确或已失效") { Field = "code", Detail = "请核对邮件中的 6 位数字，或重新获取验证码" };
    static readonly Error TooSoon = new(429, "email_code_too_soon", "验证邮件刚刚发出，请 1 分钟后再试");

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/contact", Get).WithName("showContact").ForOwners().CanFail(Member.HouseNotFound);
        doors.Owner.MapPut("/houses/{houseId}/contact", Put).WithName("setContact").ForOwners().CanFail(Member.HouseNotFound);
        doors.Owner.MapPost("/houses/{houseId}/contact/email", PostEmail).WithName("setEmail").ForOwners()
            .CanFail(Problems.Validation, Member.HouseNotFound, SetMailAccount.AddressInvalid, Unavailable, TooSoon);
        doors.Owner.MapPost("/houses/{houseId}/contact/email/confirm", PostCode).WithName("confirmEmail").ForOwners()
            .CanFail(Problems.Validation, Member.HouseNotFound, CodeWrong);
        doors.Owner.MapDelete("/houses/{houseId}/contact/email", Delete).WithName("removeEmail").ForOwners().CanFail(Member.HouseNotFound);
    }

    static async Task<Ok<ContactAnswer>> Get(Member member, Contact contact, CancellationToken cancel) =>
        TypedResults.Ok(await contact.Now(member, cancel));

    static async Task<Ok<ContactAnswer>> Put(Member member, ContactWish request, Contact contact, CancellationToken cancel) =>
        TypedResults.Ok(await contact.Set(request, member, cancel));

    static async Task<Results<Ok<ContactAnswer>, ProblemHttpResult>> PostEmail(
        Member member, EmailRequest request, Contact contact, CancellationToken cancel) =>
        (await contact.AskEmail(request, member, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<ContactAnswer>, ProblemHttpResult>> PostCode(Member member, EmailCode request, Contact contact,
        CancellationToken cancel) =>
        (await contact.Confirm(request, member, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Ok<ContactAnswer>> Delete(Member member, Contact contact, CancellationToken cancel) =>
        TypedResults.Ok(await contact.RemoveEmail(member, cancel));

    public async Task<ContactAnswer> Now(Member member, CancellationToken cancel) => await Show(member,
        await db.ContactPreferences.AsNoTracking().SingleOrDefaultAsync(p => p.Id == member.PersonId, cancel) ?? new ContactPreference(), cancel);

    public async Task<ContactAnswer> Set(ContactWish request, Member member, CancellationToken cancel)
    {
        var wish = await Of(member, cancel);
        var agreed = request.Promotion ? wish.PromotionSince ?? clock.Now() : (DateTimeOffset?)null;
        if (wish.NoSms == request.Sms || wish.PromotionSince != agreed)
            audit.Add(member.CommunityId, member.Actor, "contact.changed", member.PersonId, new { request.Sms, request.Promotion });
        (wish.NoSms, wish.PromotionSince) = (!request.Sms, agreed);
        await db.SaveChangesAsync(cancel);
        return await Show(member, wish, cancel);
    }

    public async Task<Result<ContactAnswer>> AskEmail(EmailRequest request, Member member, CancellationToken cancel)
    {
        var email = request.Email.Trim();
        if (!SetMailAccount.IsAddress(email)) return SetMailAccount.AddressInvalid.At("email");
        var (wish, now) = (await Of(member, cancel), TimeProvider.System.GetUtcNow());
        if (wish.EmailCodeUntil is { } until && until - CodeLife + Pause > now) return TooSoon;
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        (wish.NewEmail, wish.EmailCodeHash, wish.EmailCodeUntil, wish.EmailCodeTries) = (email, Hash(member, email, code), now + CodeLife, 0);
        await db.SaveChangesAsync(cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == member.CommunityId, cancel);
        var sent = await mailer.Send(email, $"{community.Name}：邮箱验证码 {code}",
            $"您正在 {community.Name} 的小程序中绑定此邮箱，验证码为 {code}，15 分钟内有效。\n\n如非本人操作，请忽略本邮件。\n\n物业服务中心电话：{community.ContactPhone}",
            Guid.CreateVersion7(), cancel);
        return sent.Outcome is MailOutcome.Accepted or MailOutcome.MaybeSent ? await Show(member, wish, cancel)
            : sent.Outcome == MailOutcome.BadReceiver ? SetMailAccount.AddressInvalid.At("email") : Unavailable;
    }

    public async Task<Result<ContactAnswer>> Confirm(EmailCode request, Member member, CancellationToken cancel)
    {
        var wishes = db.ContactPreferences;
        // Each try is counted before it is judged: many at once are no way around the limit.
        var counted = await wishes.Where(p => p.Id == member.PersonId && p.NewEmail != null && p.EmailCodeTries < MostTries)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.EmailCodeTries, p => p.EmailCodeTries + 1), cancel);
        if (counted == 0) return CodeWrong;
        var wish = await wishes.SingleAsync(p => p.Id == member.PersonId, cancel);
        if (wish is not { NewEmail: { } email, EmailCodeHash: { } hash, EmailCodeUntil: { } until } || until < TimeProvider.System.GetUtcNow()
            || !CryptographicOperations.FixedTimeEquals(hash, Hash(member, email, request.Code)))
            return CodeWrong;
        (wish.Email, wish.NewEmail, wish.EmailCodeHash, wish.EmailCodeUntil) = (email, null, null, null);
        audit.Add(member.CommunityId, member.Actor, "contact.email-confirmed", member.PersonId, new { Email = EmailChannel.Masked(email) });
        await db.SaveChangesAsync(cancel);
        return await Show(member, wish, cancel);
    }

    public async Task<ContactAnswer> RemoveEmail(Member member, CancellationToken cancel)
    {
        var wish = await Of(member, cancel);
        if (wish.Email is not null) audit.Add(member.CommunityId, member.Actor, "contact.email-removed", member.PersonId, new { });
        (wish.Email, wish.NewEmail, wish.EmailCodeHash, wish.EmailCodeUntil) = (null, null, null, null);
        await db.SaveChangesAsync(cancel);
        return await Show(member, wish, cancel);
    }

    /// <summary>What the person said so far; added to the context where he said nothing.</summary>
    async Task<ContactPreference> Of(Member member, CancellationToken cancel)
    {
        if (await db.ContactPreferences.SingleOrDefaultAsync(p => p.Id == member.PersonId, cancel) is { } known) return known;
        var fresh = new ContactPreference { Id = member.PersonId, CommunityId = member.CommunityId };
        await db.InsertUnlessThere(fresh, cancel);
        return await db.ContactPreferences.SingleAsync(p => p.Id == member.PersonId, cancel);
    }

    async Task<ContactAnswer> Show(Member member, ContactPreference wish, CancellationToken cancel)
    {
        var number = await db.Set<PersonPhone>().AsNoTracking().Where(p => p.PersonId == member.PersonId).OrderBy(p => p.Id).Select(p => p.Number)
            .FirstOrDefaultAsync(cancel);
        return new(!wish.NoSms, wish.PromotionSince is not null, wish.PromotionSince, number is null ? null : Mask.Phone(number), wish.Email,
            wish.NewEmail);
    }

    static byte[] Hash(Member member, string email, string code) => SHA256.HashData(Encoding.UTF8.GetBytes($"{member.PersonId:N}/{email}/{code}"));
}
