using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>A paper letter: its text is frozen, and people print, post and follow it.</summary>
public sealed class LetterChannel(OwnerPayDb db, Clock clock) : IMessageChannel
{
    public MessageChannel Channel => MessageChannel.Letter;

    public Task<IReadOnlyList<ChannelAddress>> Addresses(ChannelQuestion question, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<ChannelAddress>>(question.Kind.NeedsProof
            ? [.. question.Persons.Select(person => new ChannelAddress(person, person, question.Settings.LetterFen))] : []);

    public async Task<SendOutcome> Send(Sending sending, CancellationToken cancel)
    {
        var message = sending.Message;
        var to = await db.Persons.AsNoTracking().Where(p => p.Id == message.PersonId).Select(p => p.Name).SingleAsync(cancel);
        var house = await db.Houses.AsNoTracking().Where(h => h.Id == message.HouseId).Select(h => h.Code).SingleOrDefaultAsync(cancel);
        return new(DeliveryState.ToPost, null, Text: new SentText
        {
            Id = sending.Delivery.Id, CommunityId = message.CommunityId, Channel = Channel, At = clock.Now(), Address = $"{house} {to}".Trim(),
            Parts = 1,
            Title = TemplateText.Fill(sending.Template.InboxTitle, sending.Values, out _), Text = TemplateText.Fill(sending.Template.LetterText,
            sending.Values, out _),
        });
    }
}
