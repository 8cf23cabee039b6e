using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging.Mail;

/// <summary>Email, beside the chain, to the address that a person confirmed himself.</summary>
public sealed class EmailChannel(OwnerPayDb db, Mailer mailer, Clock clock) : IMessageChannel
{
    public const string NoAddress = "no_address";

    public MessageChannel Channel => MessageChannel.Email;

    /// <summary>Names an address, the same for whoever has it.</summary>
    public static Guid AddressOf(string email) => new(SHA256.HashData(Encoding.UTF8.GetBytes("mail:" + email.ToLowerInvariant())).AsSpan(0, 16));

    public async Task<IReadOnlyList<ChannelAddress>> Addresses(ChannelQuestion question, CancellationToken cancel)
    {
        if (!await db.MailAccounts.AnyAsync(cancel)) return [];
        var promotion = question.Kind.Purpose == MessagePurpose.Promotion;
        var found = await db.ContactPreferences.AsNoTracking()
            .Where(p => question.Persons.Contains(p.Id) && p.Email != null && (!promotion || p.PromotionSince != null)).ToListAsync(cancel);
        return [.. found.Select(p => new ChannelAddress(p.Id, AddressOf(p.Email!), 0))];
    }

    public async Task<SendOutcome> Send(Sending sending, CancellationToken cancel)
    {
        var (message, template) = (sending.Message, sending.Template);
        var wish = await db.ContactPreferences.AsNoTracking().SingleOrDefaultAsync(p => p.Id == message.PersonId, cancel);
        if (wish?.Email is not { } to || sending.Kind.Purpose == MessagePurpose.Promotion && wish.PromotionSince is null)
            return new(DeliveryState.NoPermission, NoAddress);
        var (subject, text) = (TemplateText.Fill(template.EmailSubject, sending.Values, out _), TemplateText.Fill(template.EmailText,
            sending.Values, out _));
        var result = await mailer.Send(to, subject.ReplaceLineEndings(" "), text, sending.Delivery.Id, cancel);
        return result.Outcome switch
        {
            MailOutcome.Accepted => new(DeliveryState.Sent, null, Text: new SentText
            {
                Id = sending.Delivery.Id, CommunityId = message.CommunityId, Channel = Channel, Title = subject, Text = text, Address = Masked(to),
                At = clock.Now(),
            }),
            MailOutcome.Later => new(DeliveryState.Waiting, result.Code),
            MailOutcome.MaybeSent => new(DeliveryState.Failed, SendDelivery.OutcomeUnknown),
            MailOutcome.BadReceiver => new(DeliveryState.NoPermission, result.Code),
            MailOutcome.Refused => new(DeliveryState.Failed, result.Code),
            MailOutcome.NoAccount => new(DeliveryState.NoPermission, "no_mail_account"),
            _ => throw new InvalidOperationException($"No meaning for {result.Outcome}"),
        };
    }

    /// <summary>w***@example.com.</summary>
    public static string Masked(string email) => $"{email[0]}***{email[email.IndexOf('@', StringComparison.Ordinal)..]}";
}
