using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OwnerPay.Domain.Campaigns;

/// <summary>Which houses are not told by a campaign, so that its effect can be measured against them. Anybody can recompute it.</summary>
/// <remarks>Only for messages that neither law nor agreement asks for, and never for prices, coupons or points: equal owners get equal terms
/// (Personal Information Protection Law art. 24). Example: campaign 00…01 and house 00…02 stand at 7,372; at a share of 1,000 (10 %) the house is
/// told.</remarks>
public static class HoldOut
{
    /// <summary>Parts of the whole: a share is given in these.</summary>
    public const int Whole = 10_000;

    /// <summary>Largest share that a campaign may hold out: half.</summary>
    public const int MostShare = 5_000;

    /// <summary>Where a house stands: SHA-256(campaign ‖ house), each id as its 16 bytes in the order of its hex digits; of that the first 8 bytes,
    /// big-endian, mod 10,000.</summary>
    public static int Position(Guid campaign, Guid house)
    {
        Span<byte> ids = stackalloc byte[32];
        campaign.TryWriteBytes(ids[..16], bigEndian: true, out _);
        house.TryWriteBytes(ids[16..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(ids, hash);
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % Whole);
    }

    /// <param name="share">In 1/10,000, from 0 to <see cref="MostShare"/>.</param>
    /// <exception cref="RuleRefusal"><c>negative_number</c>, <c>percent_too_high</c>.</exception>
    public static bool Holds(Guid campaign, Guid house, int share)
    {
        RuleRefusal.IfNegative(share, "the share held out");
        if (share > MostShare) throw new RuleRefusal(RuleCodes.PercentTooHigh, $"a share of {share} in {Whole} is held out");
        return Position(campaign, house) < share;
    }
}
