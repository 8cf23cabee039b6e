using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging.Sms;

/// <summary>Text messages: one to a person's first number. A debt is told to no number that somebody else has too; a promotion to nobody who did not
/// agree.</summary>
public sealed class SmsChannel(OwnerPayDb db, AliyunSms provider, MasterKey master, Clock clock) : IMessageChannel
{
    /// <summary>The number is also somebody else's, or the person is none of those who owe; no number is known any more.</summary>
    public const string ThirdPerson = "third_person", NoNumber = "no_number", NoAccount = "no_sms_account", NotWanted = "not_wanted";

    /// <summary>Characters of a usual value, for the forecast of the price.</summary>
    const int UsualLength = 11;

    public MessageChannel Channel => MessageChannel.Sms;

    /// <summary>Names a number, the same for whoever has it.</summary>
    public static Guid AddressOf(string number) => new(SHA256.HashData(Encoding.UTF8.GetBytes("sms:" + number)).AsSpan(0, 16));

    public async Task<IReadOnlyList<ChannelAddress>> Addresses(ChannelQuestion question, CancellationToken cancel)
    {
        if (await db.SmsAccounts.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } account) return [];
        var numbers = await Numbers(question.CommunityId, question.Persons, cancel);
        var wishes = await db.ContactPreferences.AsNoTracking().Where(p => question.Persons.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
        // The samples are the longest that may come; most values are short.
        var usual = question.Kind.Sample.ToDictionary(value => value.Key, value => value.Value.Length > UsualLength ? value.Value[..UsualLength] : value.Value);
        var parts = Math.Max(1, SmsText.Parts(SmsText.Signed(account.SignName, TemplateText.Fill(question.Template.SmsText, usual, out _))));
        return [.. question.Persons.Where(person => numbers.ContainsKey(person) && Wanted(question.Kind, wishes.GetValueOrDefault(person)))
            .Select(person => new ChannelAddress(person, AddressOf(numbers[person]), parts * question.Settings.SmsFen))];
    }

    static bool Wanted(IMessageKind kind, ContactPreference? wish) =>
        kind.Purpose == MessagePurpose.Promotion ? wish is { PromotionSince: not null, NoSms: false } : wish is not { NoSms: true };

    async Task<Dictionary<Guid, string>> Numbers(Guid community, IReadOnlyCollection<Guid> persons, CancellationToken cancel)
    {
        var phones = db.Set<PersonPhone>();
        return (await phones.AsNoTracking().Where(p => p.CommunityId == community && persons.Contains(p.PersonId)).ToListAsync(cancel))
            .GroupBy(p => p.PersonId).ToDictionary(g => g.Key, g => g.OrderBy(p => p.Id).First().Number);
    }

    public async Task<SendOutcome> Send(Sending sending, CancellationToken cancel)
    {
        var (message, template) = (sending.Message, sending.Template);
        if (await db.SmsAccounts.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } account) return new(DeliveryState.NoPermission, NoAccount);
        if (!(await Numbers(message.CommunityId, [message.PersonId], cancel)).TryGetValue(message.PersonId, out var number))
            return new(DeliveryState.NoPermission, NoNumber);
        var wish = await db.ContactPreferences.AsNoTracking().SingleOrDefaultAsync(p => p.Id == message.PersonId, cancel);
        if (!Wanted(sending.Kind, wish)) return new(DeliveryState.NoPermission, NotWanted);
        if (await IsThirdPersons(sending, number, cancel)) return new(DeliveryState.NoPermission, ThirdPerson);
        var text = SmsText.Signed(account.SignName, TemplateText.Fill(template.SmsText, sending.Values, out _));
        var result = await provider.Send(account.AccessKeyId, master.UnwrapText(SmsAccount.SecretPurpose, account.SecretWrapped),
            new(number, account.SignName, template.SmsCode, TemplateText.Used(template.SmsText, sending.Values), sending.Delivery.Id.ToString("N")),
                cancel);
        return result.Outcome switch
        {
            SmsOutcome.Accepted => new(DeliveryState.Sent, null, ProviderId: result.BizId, Text: Kept(sending, number, text)),
            SmsOutcome.Throttled or SmsOutcome.Configuration or SmsOutcome.NotReached => new(DeliveryState.Waiting, Cut(result.Code)),
            SmsOutcome.MaybeSent => new(DeliveryState.Failed, SendDelivery.OutcomeUnknown),
            SmsOutcome.BadNumber => new(DeliveryState.NoPermission, Cut(result.Code)),
            SmsOutcome.Refused => new(DeliveryState.Failed, Cut(result.Code)),
            _ => throw new InvalidOperationException($"No meaning for {result.Outcome}"),
        };
    }

    /// <summary>A debt is nobody's business but the debtors': a number that anybody else has too, a tenant or an agent, hears nothing of
    /// it.</summary>
    async Task<bool> IsThirdPersons(Sending sending, string number, CancellationToken cancel)
    {
        if (await sending.Kind.Debtors(sending.Message, cancel) is not { } debtors) return false;
        if (!debtors.Contains(sending.Message.PersonId)) return true;
        var (phones, community) = (db.Set<PersonPhone>(), sending.Message.CommunityId);
        return await phones.AnyAsync(p => p.CommunityId == community && p.Number == number && !debtors.Contains(p.PersonId), cancel);
    }

    SentText Kept(Sending sending, string number, string text) => new()
    {
        Id = sending.Delivery.Id, CommunityId = sending.Message.CommunityId, Channel = Channel, Text = text, Address = Mask.Phone(number),
        At = clock.Now(),
        Parts = SmsText.Parts(text), PartFen = sending.Settings.SmsFen,
    };

    static string? Cut(string? code) => code is { Length: > 100 } ? code[..100] : code;
}
