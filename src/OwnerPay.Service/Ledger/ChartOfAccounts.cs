namespace OwnerPay.Service.Ledger;

public enum AccountSort { Asset, Liability, Income, Expense }

/// <param name="Code">The first four digits of an account's path.</param>
/// <param name="Name">Chinese name as accountants know it (企业会计准则应用指南).</param>
public sealed record LedgerAccount(string Code, string Name, AccountSort Sort);

/// <summary>The chart of accounts in yuan: every account's path begins with one of these codes. Points are a commodity of their own with the three
/// accounts below <c>points/</c>.</summary>
public static class ChartOfAccounts
{
    /// <summary>Length of a code.</summary>
    public const int CodeLength = 4;

    public static readonly IReadOnlyList<LedgerAccount> All =
    [
        new("1001", "库存现金", AccountSort.Asset),
        new("1002", "银行存款", AccountSort.Asset),
        new("1012", "其他货币资金", AccountSort.Asset),
        new("1122", "应收账款", AccountSort.Asset),
        new("1221", "其他应收款", AccountSort.Asset),
        new("1231", "坏账准备", AccountSort.Asset),
        new("1901", "待处理财产损溢", AccountSort.Asset),
        new("2203", "预收账款", AccountSort.Liability),
        new("2204", "合同负债", AccountSort.Liability),
        new("2221", "应交税费", AccountSort.Liability),
        new("2241", "其他应付款", AccountSort.Liability),
        new("6001", "主营业务收入", AccountSort.Income),
        new("6301", "营业外收入", AccountSort.Income),
        new("6603", "财务费用", AccountSort.Expense),
        new("6702", "信用减值损失", AccountSort.Expense),
    ];

    static readonly Dictionary<string, LedgerAccount> ByCode = All.ToDictionary(account => account.Code);

    /// <returns>Null for a path that begins with no known code.</returns>
    public static LedgerAccount? Find(string path) => path.Length < CodeLength ? null : ByCode.GetValueOrDefault(path[..CodeLength]);

    /// <summary>An account's name for people: the chart's, with what follows in the path.</summary>
    public static string NameOf(string path) => (Find(path)?.Name ?? path) + Below(path);

    static string Below(string path) => path switch
    {
        Accounts.PendingTax => "－待转销项税额",
        Accounts.OutputTax => "－应交增值税（销项税额）",
        Accounts.Suspense => "－待查款项",
        Accounts.RefundHeld => "－待退预存款",
        Accounts.OrderHeld => "－订单占用预存款",
        Accounts.Agency => "－代收代付",
        Accounts.OwnersFund => "－代收业主共有资金",
        Accounts.RefundInTransit => "－微信退款在途",
        _ => "",
    };
}
