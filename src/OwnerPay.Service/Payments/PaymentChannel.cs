namespace OwnerPay.Service.Payments;

/// <summary>A way by which money comes (收款渠道). Each stands in a folder of its own and ends in the one settlement: a new one is that folder and a line
/// where services are registered.</summary>
/// <param name="Name">As payments keep it: <c>wechat</c>, <c>cash</c> …</param>
/// <param name="Title">As receipts and journals say it, in Chinese.</param>
/// <param name="Account">Its money stands on this account or on one below it.</param>
public sealed record PaymentChannel(string Name, string Title, string Account);

/// <summary>The channels of this program by name.</summary>
public sealed class PaymentChannels(IEnumerable<PaymentChannel> all)
{
    readonly Dictionary<string, PaymentChannel> byName = all.ToDictionary(channel => channel.Name, StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">Nobody registered it.</exception>
    public PaymentChannel Of(string name) => byName.TryGetValue(name, out var channel) ? channel
        : throw new InvalidOperationException($"No payment channel {name}");

    /// <returns>Null when nobody registered it: a payment that was tampered with.</returns>
    public PaymentChannel? Find(string name) => byName.GetValueOrDefault(name);
}
