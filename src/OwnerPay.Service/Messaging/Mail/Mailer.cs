using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging.Mail;

/// <summary>How far an email came.</summary>
public enum MailOutcome
{
    /// <summary>The server took it over.</summary>
    Accepted,
    /// <summary>The server has no time, wants no sign-in of ours, or is not there: later.</summary>
    Later,
    /// <summary>The server knows no such receiver, for good.</summary>
    BadReceiver,
    /// <summary>Refused for good for another reason.</summary>
    Refused,
    /// <summary>The connection broke after the text had been given: it may have been sent.</summary>
    MaybeSent,
    /// <summary>No mail server is set.</summary>
    NoAccount,
}

/// <param name="Code">The server's status code, or what broke.</param>
public sealed record MailResult(MailOutcome Outcome, string? Code = null);

/// <summary>Sends plain texts by SMTP, one connection each.</summary>
public sealed partial class Mailer(OwnerPayDb db, MasterKey master, ILogger<Mailer> log)
{
    const int TimeoutMilliseconds = 15_000;

    /// <param name="id">Names the email: the same for each try, so that mail programs can tell a repeat.</param>
    public async Task<MailResult> Send(string to, string subject, string text, Guid id, CancellationToken cancel)
    {
        if (await db.MailAccounts.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } account) return new(MailOutcome.NoAccount);
        using var message = Message(account, to, subject, text, id);
        using var smtp = new SmtpClient { Timeout = TimeoutMilliseconds };
        var given = false;
        try
        {
            var port = int.Parse(account.Port, System.Globalization.CultureInfo.InvariantCulture);
            await smtp.ConnectAsync(account.Host, port, Options(account.Security), cancel);
            if (account is { User.Length: > 0, PasswordWrapped: { } wrapped })
                await smtp.AuthenticateAsync(account.User, master.UnwrapText(MailAccount.PasswordPurpose, wrapped), cancel);
            given = true;
            await smtp.SendAsync(message, cancel);
            await Leave(smtp, cancel);
            return new(MailOutcome.Accepted);
        }
        catch (SmtpCommandException refused) { return Judge(refused, id); }
        catch (Exception failure) when (failure is ProtocolException or IOException or SocketException or TimeoutException or AuthenticationException
            or SslHandshakeException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            NotSent(log, id, failure.GetType().Name);
            return new(given ? MailOutcome.MaybeSent : MailOutcome.Later, failure.GetType().Name);
        }
    }

    MailResult Judge(SmtpCommandException refused, Guid id)
    {
        var code = ((int)refused.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        NotSent(log, id, code);
        if ((int)refused.StatusCode < 500) return new(MailOutcome.Later, code);
        return new(refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted ? MailOutcome.BadReceiver : MailOutcome.Refused, code);
    }

    static MimeMessage Message(MailAccount account, string to, string subject, string text, Guid id)
    {
        var message = new MimeMessage
        {
            Subject = subject, MessageId = $"{id:N}@{account.FromAddress.Split('@')[1]}",
            Body = new TextPart("plain") { Text = text }
        };
        message.From.Add(new MailboxAddress(account.FromName, account.FromAddress));
        message.To.Add(MailboxAddress.Parse(to));
        message.Headers.Add("Auto-Submitted", "auto-generated");    // out-of-office programs do not answer it
        return message;
    }

    // The text is with the server: how politely we part changes nothing.
    static async Task Leave(SmtpClient smtp, CancellationToken cancel)
    {
        try { await smtp.DisconnectAsync(quit: true, cancel); }
        catch (Exception failure) when (failure is ProtocolException or IOException or SocketException or OperationCanceledException) { }
    }

    static SecureSocketOptions Options(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => throw new InvalidOperationException($"No way to connect with {security}"),
    };

    [LoggerMessage(5022, LogLevel.Warning, "Email {Id} was not accepted: {Reason}")]
    static partial void NotSent(ILogger log, Guid id, string reason);
}
