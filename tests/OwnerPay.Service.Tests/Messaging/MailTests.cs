using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Tests.Staff;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace OwnerPay.Service.Tests.Messaging;

/// <summary>A mail server that asks for a password, knows no receiver «gone», and keeps what it gets.</summary>
sealed class MailServer : IDisposable
{
    readonly CancellationTokenSource ending = new();
    readonly Task serving;

    public MailServer()
    {
        Port = Ports.Free();
        var options = new SmtpServerOptionsBuilder().ServerName("localhost")
            .Endpoint(endpoint => endpoint.Port(Port).AuthenticationRequired().AllowUnsecureAuthentication()).Build();
        var parts = new ServiceProvider();
        parts.Add(new Store(Arrived));
        parts.Add(new Filter());
        parts.Add(new Keeper());
        serving = new SmtpServer.SmtpServer(options, parts).StartAsync(ending.Token);
    }

    public int Port { get; }

    public ConcurrentQueue<MimeMessage> Arrived { get; } = new();

    sealed class Store(ConcurrentQueue<MimeMessage> arrived) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var stream = new MemoryStream(buffer.ToArray());
            arrived.Enqueue(MimeMessage.Load(stream, cancellationToken));
            return Task.FromResult(SmtpResponse.Ok);
        }
    }

    sealed class Filter : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
            Task.FromResult(to.User != "gone");
    }

    sealed class Keeper : UserAuthenticator
    {
        public override Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) =>
            Task.FromResult((user, password) == ("wuye", "mail-password-1"));
    }

    public void Dispose()
    {
        ending.Cancel();
        serving.Wait(TimeSpan.FromSeconds(5));
        ending.Dispose();
    }
}

public sealed partial class MailTests(Servers servers)
{
    // An address that was typed wrongly would tell a stranger of a debt: nothing goes there before its owner proved it.
    [Theory, EachDatabase]
    public async Task An_owner_gets_emails_at_an_address_that_he_proved_and_nobody_guesses_the_code(Database database)
    {
        using var mail = new MailServer();
        await using var estate = await servers.OwnEstate(database, 2);
        await estate.SetTariffs();
        var friendly = await estate.SetTemplates("bill.reminder.friendly");
        var (owner, other) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        await owner.Allow(friendly);
        Task<Answer> Ask(TestOwner who, string email) => who.Api.Post(who.Path + "/contact/email", new { email });
        Task<Answer> Confirm(TestOwner who, string code) => who.Api.Post(who.Path + "/contact/email/confirm", new { code });
        Assert.Equal("mail_unavailable", (await Ask(owner, "wang@example.com")).Code);
        await SetUp(estate, mail.Port);

        Assert.Equal("mail_address_invalid", (await Ask(other, "wang@example.com\r\nBcc: all@example.com")).Code);
        Assert.Equal("mail_address_invalid", (await Ask(other, "gone@example.com")).Code);
        Assert.Equal("email_code_too_soon", (await Ask(owner, "wang@example.com")).Code);    // the first try counts as one
        await estate.Installation.Db(db => db.ContactPreferences.ExecuteUpdateAsync(set => set.SetProperty(p => p.EmailCodeUntil,
            (DateTimeOffset?)null)));
        (await Ask(owner, "wang@example.com")).Done();
        var code = SixDigits().Match(Assert.Single(mail.Arrived).Subject!).Value;
        var wrong = ((int.Parse(code, CultureInfo.InvariantCulture) + 1) % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        Assert.Equal("email_code_wrong", (await Confirm(owner, wrong)).Code);
        Assert.Equal("email_code_wrong", (await Confirm(other, code)).Code);
        Assert.Equal("wang@example.com", (await Confirm(owner, code)).Done()["email"].GetValue<string>());
        Assert.Equal("email_code_wrong", (await Confirm(owner, code)).Code);

        await estate.IssueBills();
        await Estate.Eventually(() => Task.FromResult(mail.Arrived.Count == 2), "the bill comes by email");
        await estate.Remind("bill.reminder.friendly");
        await Estate.Eventually(() => Task.FromResult(mail.Arrived.Count == 3), "the reminder comes by email");

        // Beside the phone, not in its place.
        await Estate.Eventually(async () => (await owner.Buzzed(friendly)).Count == 1, "the phone buzzes too");
        var letter = mail.Arrived.Last();
        Assert.Equal(("阳光物业", "wang@example.com"), (letter.From.Mailboxes.Single().Name, letter.To.Mailboxes.Single().Address));
        Assert.Contains("250.88", letter.TextBody, StringComparison.Ordinal);
        var kept = await estate.Installation.Db(db => db.SentTexts.AsNoTracking().Where(t => t.CommunityId == estate.CommunityId).ToListAsync());
        Assert.Equal(2, kept.Count(t => t is { Channel: MessageChannel.Email, Address: "w***@example.com", CostFen: 0 }));
        Assert.Null((await owner.Api.Send(HttpMethod.Delete, owner.Path + "/contact/email", null, null)).Done().Body!["email"]);
        Assert.Empty(await estate.Broken());
    }

    static async Task SetUp(Estate estate, int port)
    {
        using var admin = await estate.Installation.FirstAdmin();
        (await admin.Send(HttpMethod.Put, "/messaging/mail-account", new
        {
            host = "127.0.0.1", port, security = "none", fromAddress = "service@sunshine.example", fromName = "阳光物业", user = "wuye",
            password = "mail-password-1",
        })).Done();
    }

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex SixDigits();
}
