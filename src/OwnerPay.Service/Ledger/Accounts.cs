namespace OwnerPay.Service.Ledger;

/// <summary>The chart of accounts. Ids in paths are 32 lower-case hex digits; no colon, which is hledger's separator.</summary>
public static class Accounts
{
    /// <summary>Cash in a cashier's drawer.</summary>
    public static string Cash(Guid cashier) => $"1001/{cashier:N}";

    /// <summary>Cash that finance keeps: floats come from it, counted drawers go into it, the bank gets it.</summary>
    public const string CashSafe = "1001/safe";

    /// <summary>Money in one of the community's bank accounts.</summary>
    /// <param name="code">The account's short code.</param>
    public static string Bank(string code) => $"1002/{code}";

    /// <summary>Card payments taken with a terminal that the acquirer still owes us (其他应收款).</summary>
    public static string Pos(string terminal) => $"1221/pos/{terminal}";

    /// <summary>Transfers accepted at the counter that no bank statement has shown yet.</summary>
    public static string TransferInTransit(string code) => $"1221/transfer/{code}";

    /// <summary>Entrusted collections that the bank reported and no bank statement has shown yet.</summary>
    public static string CollectionInTransit(string code) => $"1221/collection/{code}";

    /// <summary>What counted drawers had too much (credit) or too little (debit), until somebody explains it.</summary>
    public const string CashDifference = "1901";

    /// <summary>WeChat clearing per merchant.</summary>
    public static string WeChatClearing(string mchId) => $"1012/{mchId}";

    /// <summary>The bank account into which WeChat pays a merchant number out.</summary>
    public static string PaidOut(string mchId) => $"1002/wechat-{mchId}";

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

    /// <summary>Principal that the company waives: as compensation for a fault, or in hardship.</summary>
    public const string Concession = "6001/concession";

    /// <summary>True of the accounts on which discounts of offers stand: pending and output tax, contract liability, deductions from income, what others fund.</summary>
    public static bool IsDiscount(string account) => account != WeChatDiscount
        && (account is PendingTax or OutputTax || account.StartsWith("2204/", StringComparison.Ordinal) || account.StartsWith("6001/discount/", StringComparison.Ordinal)
            || account == OwnersFund || account.StartsWith("1221/offers/", StringComparison.Ordinal));

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
