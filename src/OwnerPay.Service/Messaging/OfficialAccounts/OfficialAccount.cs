using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Messaging.OfficialAccounts;

/// <summary>A service account (服务号) of the property company that shares an Open Platform account with a mini-program of ours.</summary>
public sealed class OfficialAccount : IEntityTypeConfiguration<OfficialAccount>
{
    public const string SecretPurpose = "official-account-secret", PushPurpose = "official-account-push";

    public Guid Id { get; init; }
    public string AppId { get; init; } = "";

    /// <summary>The mini-program whose users it may reach, and into which a tap leads.</summary>
    public string MiniProgramAppId { get; set; } = "";
    public byte[] SecretWrapped { get; set; } = [];
    public byte[] PushTokenWrapped { get; set; } = [];
    public byte[] PushAesKeyWrapped { get; set; } = [];

    public void Configure(EntityTypeBuilder<OfficialAccount> table)
    {
        table.ToTable("OfficialAccounts");
        table.Property(a => a.AppId).HasMaxLength(32);
        table.Property(a => a.MiniProgramAppId).HasMaxLength(32);
        table.Property(a => a.SecretWrapped).HasMaxLength(300);
        table.Property(a => a.PushTokenWrapped).HasMaxLength(100);
        table.Property(a => a.PushAesKeyWrapped).HasMaxLength(100);
        table.HasIndex(a => a.AppId).IsUnique();
    }
}

/// <summary>Somebody who follows a service account. Who stops following is deleted, as WeChat asks for.</summary>
public sealed class Follower : IEntityTypeConfiguration<Follower>
{
    public Guid Id { get; init; }
    public Guid OfficialAccountId { get; init; }

    /// <summary>Under the service account; another one than in the mini-program.</summary>
    public string OpenId { get; init; } = "";

    /// <summary>Joins the follower with a mini-program user; null until WeChat was asked.</summary>
    public string? UnionId { get; set; }

    /// <summary>WeChat was asked, on the system clock.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    public void Configure(EntityTypeBuilder<Follower> table)
    {
        table.ToTable("Followers");
        table.Property(f => f.OpenId).HasMaxLength(128);
        table.Property(f => f.UnionId).HasMaxLength(128);
        table.HasIndex(f => new { f.OfficialAccountId, f.OpenId }).IsUnique();
        table.HasIndex(f => f.UnionId);
        table.HasIndex(f => f.AskedAt);    // whom to ask about
    }
}

/// <param name="Secret">WeChat's AppSecret; kept wrapped, never shown again.</param>
/// <param name="PushToken">Token of the account's message push (服务器配置).</param>
/// <param name="PushEncodingAesKey">EncodingAESKey of the same page, 43 characters; only the encrypted mode is taken.</param>
public sealed record OfficialAccountRequest(
    [property: Required, RegularExpression("[A-Za-z0-9_-]{8,32}")] string AppId,
    [property: Required, StringLength(128, MinimumLength = 8)] string Secret,
    [property: Required, RegularExpression("[A-Za-z0-9_-]{8,32}")] string MiniProgramAppId,
    [property: Required, RegularExpression("[A-Za-z0-9]{3,32}")] string PushToken,
    [property: Required, RegularExpression("[A-Za-z0-9+/]{43}")] string PushEncodingAesKey);

/// <param name="PushUrl">What to enter as server address in the account's console.</param>
public sealed record OfficialAccountAnswer(Guid Id, string AppId, string PushUrl);

/// <summary>An administrator names a service account and the mini-program that it belongs to.</summary>
/// <remarks>Errors: <c>app_unknown</c> 400.</remarks>
public sealed class SetOfficialAccount(OwnerPayDb db, MasterKey master, Audit audit, ServiceSettings settings)
{
    static readonly Error AppUnknown = new(400, "app_unknown", "未开通的小程序") { Field = "miniProgramAppId" };

    public static void Map(Doors doors) => doors.Staff.MapPut("/official-accounts", Put).WithName("setOfficialAccount").ForStaff(StaffRole.Admin)
        .CanFail(Problems.Validation, AppUnknown);

    static async Task<Results<Ok<OfficialAccountAnswer>, ProblemHttpResult>> Put(
        StaffMember staff, OfficialAccountRequest request, SetOfficialAccount set, CancellationToken cancel) =>
        (await set.Run(request, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<OfficialAccountAnswer>> Run(OfficialAccountRequest request, StaffMember staff, CancellationToken cancel)
    {
        var programs = db.Set<Owners.MiniProgram>();
        if (!await programs.AnyAsync(m => m.AppId == request.MiniProgramAppId, cancel)) return AppUnknown;
        var account = await db.OfficialAccounts.SingleOrDefaultAsync(a => a.AppId == request.AppId, cancel);
        if (account is null) db.Add(account = new OfficialAccount { Id = Guid.CreateVersion7(), AppId = request.AppId });
        (account.MiniProgramAppId, account.SecretWrapped) = (request.MiniProgramAppId, master.Wrap(OfficialAccount.SecretPurpose, request.Secret));
        (account.PushTokenWrapped, account.PushAesKeyWrapped) =
            (master.Wrap(OfficialAccount.PushPurpose, request.PushToken), master.Wrap(OfficialAccount.PushPurpose, request.PushEncodingAesKey));
        audit.Add(staff, "official-account.set", account.Id, new { request.AppId, request.MiniProgramAppId });
        await db.SaveChangesAsync(cancel);
        return new OfficialAccountAnswer(account.Id, account.AppId, $"{settings.PublicUrl.TrimEnd('/')}/wechat/official/{account.AppId}");
    }

    public static MiniProgramCredentials Credentials(MasterKey master, OfficialAccount account) =>
        new(account.AppId, master.UnwrapText(OfficialAccount.SecretPurpose, account.SecretWrapped));

    public static PushReader Reader(MasterKey master, OfficialAccount account) => new(new PushCipher(
        master.UnwrapText(OfficialAccount.PushPurpose, account.PushTokenWrapped), master.UnwrapText(OfficialAccount.PushPurpose,
            account.PushAesKeyWrapped),
        account.AppId), TimeProvider.System);
}
