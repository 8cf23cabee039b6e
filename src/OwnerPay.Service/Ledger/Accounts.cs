namespace OwnerPay.Service.Ledger;

/// <summary>The chart of accounts. Ids in paths are 32 lower-case hex digits; no colon, which is hledger's separator.</summary>
public static class Accounts
{
    /// <summary>WeChat clearing per merchant.</summary>
    public static string WeChatClearing(string mchId) => $"1012/{mchId}";

    /// <summary>Refunds that WeChat accepted and has not paid out yet.</summary>
    public const string RefundInTransit = "1012/refund-in-transit";

    /// <summary>Receivable of a house from one liable party.</summary>
    public static string Receivable(Guid house, Guid party) => $"1122/{house:N}/{party:N}";

    /// <summary>Prepaid money of a liable party for a house.</summary>
    public static string Prepaid(Guid house, Guid party) => $"2203/{house:N}/{party:N}";

    /// <summary>Contract liability: billed, not yet served.</summary>
    public static string ContractLiability(string feeKind) => $"2204/{feeKind}";

    public const string PendingTax = "2221/pending";
    public const string OutputTax = "2221/output";
    public const string Suspense = "2241/suspense";

    /// <summary>Prepaid money that waits for WeChat to accept its refund.</summary>
    public const string RefundHeld = "2241/refund-held";

    /// <summary>Prepaid money that an open order holds.</summary>
    public const string OrderHeld = "2241/order-held";
    public const string Agency = "2241/agency";
    public const string OwnersFund = "2241/owners-fund";

    public static string Income(string feeKind) => $"6001/{feeKind}";

    public static string Discount(string offer) => $"6001/discount/{offer}";

    /// <summary>What somebody else owes us who funds an offer.</summary>
    public static string OfferFunding(string offer) => $"1221/offers/{offer}";

    /// <summary>Coupons of WeChat that we fund ourselves.</summary>
    public const string WeChatDiscount = "6001/discount/wechat";
    public const string LateFeeIncome = "6301";
    public const string ChannelFees = "6603";

    /// <summary>Points in the hands of a person; the counterpart is what the company has issued.</summary>
    public static string PointsOf(Guid person) => $"points/{person:N}";

    public const string PointsIssued = "points/issued";
    public const string PointsRedeemed = "points/redeemed";
    public const string PointsExpired = "points/expired";
}
