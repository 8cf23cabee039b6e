using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MimeKit;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging.Mail;

/// <summary>How the connection to the mail server is protected: encrypted after a greeting, from the first byte, or not at all (never in
/// production).</summary>
public enum MailSecurity { StartTls, Tls, None }

/// <summary>The installation's account at a mail server; there is one row at most.</summary>
public sealed class MailAccount : IEntityTypeConfiguration<MailAccount>
{
    public const string PasswordPurpose = "mail-password";

    /// <summary>Always the same: the second account would be a mistake.</summary>
    public static readonly Guid TheOne = new("5a5a5a5a-0000-7000-8000-000000000002");

    public Guid Id { get; init; }
    public string Host { get; set; } = "";

    /// <summary>As text: it is no amount.</summary>
    public string Port { get; set; } = "";
    public MailSecurity Security { get; set; }

    /// <summary>Empty where the server asks for none.</summary>
    public string User { get; set; } = "";
    public byte[]? PasswordWrapped { get; set; }
    public string FromAddress { get; set; } = "";
    public string FromName { get; set; } = "";

    public void Configure(EntityTypeBuilder<MailAccount> table)
    {
        table.ToTable("MailAccounts");
        table.Property(a => a.Port).HasMaxLength(5);
        table.Property(a => a.PasswordWrapped).HasMaxLength(300);
    }
}

/// <param name="User">Absent where the server asks for no sign-in.</param>
/// <param name="Password">Kept wrapped, never shown again.</param>
/// <param name="FromAddress">Address that letters come from.</param>
/// <param name="FromName">What the receiver reads as sender: 阳光物业.</param>
public sealed record MailAccountRequest(
    [property: Required, RegularExpression("[A-Za-z0-9.-]{1,190}")] string Host, [property: Range(1, 65535)] int Port, MailSecurity Security,
    [property: Required, MaxLength(190)] string FromAddress, [property: Required, StringLength(60, MinimumLength = 2)] string FromName,
    [property: MaxLength(190)] string? User = null, [property: MaxLength(128)] string? Password = null);

/// <summary>An administrator sets the mail server by which emails leave.</summary>
/// <remarks>Errors: <c>mail_not_encrypted</c>, <c>mail_address_invalid</c> 400.</remarks>
public sealed class SetMailAccount(OwnerPayDb db, MasterKey master, Audit audit, IHostEnvironment environment)
{
    static readonly Error NotEncrypted = new(400, "mail_not_encrypted", "生产环境的邮件服务器必须加密连接") { Field = "security" };
    public static readonly Error AddressInvalid = new(400, "mail_address_invalid", "邮箱地址有误");

    public static void Map(Doors doors) => doors.Staff.MapPut("/messaging/mail-account", Put).WithName("setMailAccount").ForStaff(StaffRole.Admin)
        .CanFail(Problems.Validation, NotEncrypted, AddressInvalid);

    static async Task<Results<NoContent, ProblemHttpResult>> Put(
        StaffMember staff, MailAccountRequest request, SetMailAccount set, CancellationToken cancel) =>
        (await set.Run(request, staff, cancel)).ToHttp(_ => TypedResults.NoContent());

    public async Task<Result<bool>> Run(MailAccountRequest request, StaffMember staff, CancellationToken cancel)
    {
        if (request.Security == MailSecurity.None && environment.IsProduction()) return NotEncrypted;
        if (!IsAddress(request.FromAddress)) return AddressInvalid.At("fromAddress");
        var account = await db.MailAccounts.SingleOrDefaultAsync(cancel);
        if (account is null) db.Add(account = new MailAccount { Id = MailAccount.TheOne });
        (account.Host, account.Port, account.Security) = (request.Host, request.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            request.Security);
        (account.FromAddress, account.FromName, account.User) = (request.FromAddress.Trim(), request.FromName.Trim(), request.User ?? "");
        account.PasswordWrapped = request.Password is { } password ? master.Wrap(MailAccount.PasswordPurpose, password) : null;
        audit.Add(staff, "mail-account.set", account.Id, new { request.Host, request.Port, request.Security, request.FromAddress });
        await db.SaveChangesAsync(cancel);
        return true;
    }

    /// <summary>One plain address without a name, by which nothing else can be put into a header.</summary>
    public static bool IsAddress(string text) =>
        text.Length <= 190 && MailboxAddress.TryParse(text, out var box) && box.Address == text.Trim() && text.Contains('.', StringComparison.Ordinal)
        && text.Count(c => c == '@') == 1 && !text.Any(char.IsControl);
}
