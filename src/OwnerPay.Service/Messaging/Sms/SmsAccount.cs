using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging.Sms;

/// <summary>The installation's account at the SMS provider; there is one row at most.</summary>
public sealed class SmsAccount : IEntityTypeConfiguration<SmsAccount>
{
    public const string SecretPurpose = "sms-secret";

    /// <summary>Always the same: the second account would be a mistake.</summary>
    public static readonly Guid TheOne = new("5a5a5a5a-0000-7000-8000-000000000001");

    public Guid Id { get; init; }
    public string AccessKeyId { get; set; } = "";
    public byte[] SecretWrapped { get; set; } = [];

    /// <summary>The approved signature, without brackets.</summary>
    public string SignName { get; set; } = "";

    /// <summary>SHA-256 of the secret in the address to which the provider reports: its reports carry no signature.</summary>
    public byte[] ReportHash { get; set; } = [];

    public void Configure(EntityTypeBuilder<SmsAccount> table)
    {
        table.ToTable("SmsAccounts");
        table.Property(a => a.AccessKeyId).HasMaxLength(64);
        table.Property(a => a.SecretWrapped).HasMaxLength(300);
        table.Property(a => a.SignName).HasMaxLength(20);
        table.Property(a => a.ReportHash).HasMaxLength(32);
    }
}

/// <param name="AccessKeySecret">Kept wrapped, never shown again.</param>
/// <param name="SignName">The approved signature without brackets: 阳光物业.</param>
public sealed record SmsAccountRequest(
    [property: Required, RegularExpression("[A-Za-z0-9]{8,64}")] string AccessKeyId,
    [property: Required, StringLength(128, MinimumLength = 8)] string AccessKeySecret,
    [property: Required, StringLength(12, MinimumLength = 2)] string SignName);

/// <param name="ReportUrl">To enter in the provider's console for delivery reports (SmsReport).</param>
/// <param name="ReplyUrl">The same for answers of receivers (SmsUp), by which they opt out.</param>
public sealed record SmsAccountAnswer(string AccessKeyId, string SignName, string ReportUrl, string ReplyUrl);

/// <summary>An administrator sets the account at the SMS provider; each time with a new address for reports, the one before dies.</summary>
public sealed class SetSmsAccount(OwnerPayDb db, MasterKey master, Audit audit, ServiceSettings settings)
{
    public static void Map(Doors doors) => doors.Staff.MapPut("/messaging/sms-account", Put).WithName("setSmsAccount").ForStaff(StaffRole.Admin)
        .CanFail(Problems.Validation);

    static async Task<Ok<SmsAccountAnswer>> Put(StaffMember staff, SmsAccountRequest request, SetSmsAccount set, CancellationToken cancel) =>
        TypedResults.Ok(await set.Run(request, staff, cancel));

    public async Task<SmsAccountAnswer> Run(SmsAccountRequest request, StaffMember staff, CancellationToken cancel)
    {
        var account = await db.SmsAccounts.SingleOrDefaultAsync(cancel);
        if (account is null) db.Add(account = new SmsAccount { Id = SmsAccount.TheOne });
        var token = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32);
        (account.AccessKeyId, account.SignName) = (request.AccessKeyId, request.SignName.Trim());
        (account.SecretWrapped, account.ReportHash) = (master.Wrap(SmsAccount.SecretPurpose, request.AccessKeySecret), Hash(token));
        audit.Add(staff, "sms-account.set", account.Id, new { request.AccessKeyId, request.SignName });
        await db.SaveChangesAsync(cancel);
        var url = $"{settings.PublicUrl.TrimEnd('/')}/providers/sms/{token}";
        return new(account.AccessKeyId, account.SignName, url + "/reports", url + "/replies");
    }

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
