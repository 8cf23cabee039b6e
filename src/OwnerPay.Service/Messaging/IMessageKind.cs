using OwnerPay.Domain.Messaging;

namespace OwnerPay.Service.Messaging;

/// <summary>Text for the in-app inbox.</summary>
public sealed record MessageText(string Title, string Body);

/// <summary>One kind of message, registered by the slice whose data it speaks of. Asked at the moment of sending, so that what it says is true
/// then.</summary>
public interface IMessageKind
{
    /// <summary>Stable name: <c>bill.issued</c>, <c>payment.receipt</c>.</summary>
    string Kind { get; }

    /// <summary>Why it is sent: decides hours, limits and channels.</summary>
    MessagePurpose Purpose { get; }

    /// <summary>True where its arrival must be proved (a final demand): a letter follows whatever the phones took.</summary>
    bool NeedsProof => false;

    /// <summary>The values with which a template is tried out when it is saved; the same names as <see cref="Values"/> gives, at their
    /// longest.</summary>
    IReadOnlyDictionary<string, string> Sample { get; }

    /// <summary>What the inbox shows where the community has no template of this kind.</summary>
    MessageText WithoutTemplate => new("新通知", "您有一条新通知，请在小程序相应页面查看。");

    /// <summary>Why it became pointless, kept with the delivery that is given up: <c>paid</c>, <c>obsolete</c>; null while it is wanted.</summary>
    Task<string?> Unwanted(Message message, CancellationToken cancel);

    /// <summary>Who may read of the debt that the message speaks of; null where it speaks of none. A text message goes to no number that somebody
    /// else has too.</summary>
    Task<IReadOnlyCollection<Guid>?> Debtors(Message message, CancellationToken cancel) => Task.FromResult<IReadOnlyCollection<Guid>?>(null);

    /// <summary>Something of a house that such a message could speak of, for a preview: its newest bill, payment …; null: there is none.</summary>
    Task<Guid?> Example(Guid house, CancellationToken cancel) => Task.FromResult<Guid?>(null);

    /// <summary>The facts that templates may name in braces, as people read them (amounts in yuan, dates in Chinese).</summary>
    Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel);
}

/// <summary>The kinds that are registered, by name.</summary>
public sealed class MessageKinds(IEnumerable<IMessageKind> kinds)
{
    readonly Dictionary<string, IMessageKind> byName = kinds.ToDictionary(kind => kind.Kind, StringComparer.Ordinal);

    /// <summary>Kinds whose messages go at any hour.</summary>
    public IReadOnlyList<string> AtAnyHour => [.. byName.Values.Where(kind => kind.Purpose == MessagePurpose.Answer).Select(kind => kind.Kind)];

    public IReadOnlyCollection<IMessageKind> All => byName.Values;

    public IMessageKind? Find(string kind) => byName.GetValueOrDefault(kind);

    /// <exception cref="InvalidOperationException">Nobody registered it: a bug.</exception>
    public IMessageKind Of(string kind) => Find(kind) ?? throw new InvalidOperationException($"No message kind {kind}");
}
