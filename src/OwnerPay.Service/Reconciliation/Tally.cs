using OwnerPay.Service.Payments;

namespace OwnerPay.Service.Reconciliation;

/// <summary>What a day comes to while its bill is read. Differences are few; rows are not kept.</summary>
public sealed class Tally(MerchantAccount account, DateOnly day, DateTimeOffset billFetchedAt, DateTimeOffset now)
{
    /// <summary>WeChat's numbers have up to 32 characters, some up to 50; the rest is room for the line.</summary>
    const int LongestReference = 52;

    readonly List<Difference> differences = [];
    readonly HashSet<(DifferenceCause, string)> named = [];

    public MerchantAccount Account => account;
    public DateOnly Day => day;
    public DateTimeOffset BillFetchedAt => billFetchedAt;
    public int BillRows { get; set; }
    public int MatchedRows { get; set; }

    /// <summary>Fen.</summary>
    public long BillFen { get; set; }

    /// <summary>Fees of payments, and what came back of fees with refunds, fen.</summary>
    public long PaymentFeeFen { get; set; }
    public long FeeBackFen { get; set; }
    public IReadOnlyList<Difference> Differences => differences;

    /// <param name="line">Line of the bill, 0 where there is none; it tells repeated rows apart.</param>
    /// <param name="refund">Our refund, where the difference is about one.</param>
    /// <param name="theirFen">Fen by the bill.</param>
    /// <param name="ourFen">Fen by our books.</param>
    public void Add(DifferenceCause cause, string reference, int line, Guid? payment, bool matched, long? theirFen, long? ourFen, Guid? refund = null)
    {
        if (reference.Length > LongestReference) reference = reference[..LongestReference];
        if (!named.Add((cause, reference))) reference = $"{reference}#{line}";
        var settledNow = cause == DifferenceCause.PaidThereOpenHere && matched;
        differences.Add(new Difference
        {
            Id = Guid.CreateVersion7(), CommunityId = account.CommunityId, MerchantAccountId = account.Id, Day = day, Cause = cause,
            Reference = reference, PaymentId = payment, RefundId = refund, Matched = matched, TheirFen = theirFen, OurFen = ourFen, FoundAt = now,
            NextStep = settledNow ? "已自动处理，无需操作" : DifferenceTexts.NextStep(cause, matched),
            State = settledNow ? DifferenceState.Resolved : DifferenceState.Open, Resolution = settledNow ? DifferenceTexts.SettledNow : null,
            ResolvedAt = settledNow ? now : null,
        });
    }
}
