using System.ComponentModel.DataAnnotations;
using System.Data;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Owners;

/// <summary>Either community, phone code and house code together, or the staff code alone.</summary>
/// <param name="PhoneCode">From WeChat's phone number button; a typed number is not taken at all.</param>
/// <param name="StaffCode">Handed over at the counter; dashes and case do not matter.</param>
public sealed record BindRequest(
    [property: MaxLength(64)] string? CommunityCode = null, [property: MaxLength(128)] string? PhoneCode = null,
    [property: MaxLength(64)] string? HouseCode = null, [property: MaxLength(32)] string? StaffCode = null);

/// <param name="CommunityId">The community of the person; <c>GET /me</c> tells the houses.</param>
public sealed record BindAnswer(Guid BindingId, Guid CommunityId);

/// <summary>Binds a WeChat user to a person of the roster: by the number that WeChat verified together with a house code, or by a code from
/// staff.</summary>
/// <remarks>Errors: <c>binding_incomplete</c> 400; <c>phone_code_invalid</c> 400; <c>binding_not_matched</c> 409, one and the same for a wrong house,
/// a wrong number, an unknown house and a wrong staff code; <c>binding_needs_staff_code</c> 409 for a number that more than three persons share;
/// <c>wechat_busy</c> 503.</remarks>
public sealed class BindPerson(OwnerPayDb db, MiniProgramClient wechat, MiniPrograms programs, PhoneMarks marks, Clock clock)
{
    /// <summary>A number of more persons than this proves nobody: it is an office's or an agent's.</summary>
    public const int MostPersonsOfOneNumber = 3;

    static readonly Error Incomplete = new(400, "binding_incomplete", "请提供小区、手机号授权和房号，或只填写物业提供的绑定码");
    static readonly Error PhoneCodeInvalid = new(400, "phone_code_invalid", "手机号授权已失效，请重新授权") { Field = "phoneCode" };
    static readonly Error NotMatched = new(409, "binding_not_matched", "信息与登记不符，请核对后重试，或联系物业服务中心");
    static readonly Error NeedsStaffCode = new(409, "binding_needs_staff_code", "该手机号需凭物业服务中心提供的绑定码办理");

    public static void Map(Doors doors) =>
        doors.Owner.MapPost("/bindings", Post).WithName("bindPerson").Declare(new RouteAccess(Door.Owner, Anonymous: false, [], RateLimits.SignIn))
            .CanFail(Incomplete, PhoneCodeInvalid, NotMatched, NeedsStaffCode, OpenSession.WeChatBusy);

    static async Task<Results<Ok<BindAnswer>, ProblemHttpResult>> Post(SignedIn user, BindRequest request, BindPerson bind, CancellationToken cancel) =>
        (await bind.Run(request, user, cancel)).ToHttp(TypedResults.Ok);

    public Task<Result<BindAnswer>> Run(BindRequest request, SignedIn user, CancellationToken cancel) => request switch
    {
        { StaffCode: { Length: > 0 } code, CommunityCode: null, PhoneCode: null, HouseCode: null } => ByStaffCode(code, user, cancel),
        { StaffCode: null, CommunityCode: { Length: > 0 } community, PhoneCode: { Length: > 0 } phone, HouseCode: { Length: > 0 } house } =>
            ByPhone(community, phone, house, user, cancel),
        _ => Task.FromResult<Result<BindAnswer>>(Incomplete),
    };

    async Task<Result<BindAnswer>> ByPhone(string communityCode, string phoneCode, string houseCode, SignedIn user, CancellationToken cancel)
    {
        if (await programs.Find(user.AppId, cancel) is not { } app) return OpenSession.WeChatBusy;
        var phone = await wechat.GetPhoneNumberAsync(app, phoneCode, cancel);
        if (!phone.IsSuccess)
            return phone.Failure.Problem is MiniProgramProblem.CodeInvalid or MiniProgramProblem.CodeUsed ? PhoneCodeInvalid : OpenSession.WeChatBusy;
        if (phone.Value.CountryCode is not (null or "86")) return NotMatched;
        var number = phone.Value.PurePhoneNumber ?? phone.Value.PhoneNumber;

        var code = houseCode.Normalize(NormalizationForm.FormKC).Trim();
        var today = clock.Today();
        var (communities, phones, houses, tenures) = (db.Communities, db.PersonPhones, db.Houses, db.Tenures);
        var community = await communities.AsNoTracking().Where(c => c.Code == communityCode).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(cancel);
        var persons = await phones.AsNoTracking().Where(p => p.CommunityId == community && p.Number == number).Select(p => p.PersonId).Distinct()
            .ToListAsync(cancel);
        var standing = await (
            from house in houses.AsNoTracking()
            where house.CommunityId == community && house.Code == code
            join tenure in tenures.AsNoTracking() on house.Id equals tenure.HouseId
            where persons.Contains(tenure.PersonId)
            select tenure).ToListAsync(cancel);
        var matched = standing.Where(tenure => Members.Admits(tenure, today))
            .OrderBy(tenure => Members.Rank(tenure.Kind)).ThenByDescending(tenure => tenure.From).ThenBy(tenure => tenure.Id).FirstOrDefault();
        if (matched is null) return NotMatched;
        if (persons.Count > MostPersonsOfOneNumber) return NeedsStaffCode;
        return await Bind(matched.CommunityId, matched.PersonId, user, BindingProof.VerifiedPhone, marks.Of(number), cancel);
    }

    async Task<Result<BindAnswer>> ByStaffCode(string text, SignedIn user, CancellationToken cancel)
    {
        var hash = BindingCode.HashOf(text);
        var now = clock.Now();
        var codes = db.BindingCodes;
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        // The conditional update decides which of two simultaneous uses is the one.
        var used = await codes.Where(c => c.Hash == hash && c.UsedAt == null && c.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancel);
        if (used == 0) return NotMatched;
        var code = await codes.AsNoTracking().SingleAsync(c => c.Hash == hash, cancel);
        var answer = await Bind(code.CommunityId, code.PersonId, user, BindingProof.StaffCode, null, cancel);
        await transaction.CommitAsync(cancel);
        return answer;
    }

    /// <summary>Makes the binding, or confirms the one that there is.</summary>
    async Task<Result<BindAnswer>> Bind(Guid community, Guid person, SignedIn user, BindingProof proof, byte[]? phoneMark, CancellationToken cancel)
    {
        for (var again = true; ; again = false)
        {
            var bindings = db.Bindings;
            var binding = await bindings.SingleOrDefaultAsync(b => b.WeChatUserId == user.WeChatUserId && b.PersonId == person, cancel);
            if (binding is null)
                db.Add(binding = new Binding
                {
                    Id = Guid.CreateVersion7(), CommunityId = community, WeChatUserId = user.WeChatUserId, PersonId = person, CreatedAt = clock.Now(),
                });
            (binding.State, binding.Proof, binding.PhoneMark) = (BindingState.Active, proof, phoneMark);
            try
            {
                await db.SaveChangesAsync(cancel);
                return new BindAnswer(binding.Id, community);
            }
            catch (DbUpdateException twin) when (again
                && WriteFailure.Violates(twin, "Bindings", nameof(Binding.WeChatUserId), nameof(Binding.PersonId)))
            {
                db.ChangeTracker.Clear();    // two taps at once
            }
        }
    }
}

/// <summary>Keyed marks of phone numbers: they tell later whether a binding's number is still in the roster, without keeping the number
/// again.</summary>
public sealed class PhoneMarks(MasterKey master)
{
    readonly byte[] key = master.For("binding-phone");

    public byte[] Of(string number) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(number));
}
