namespace OwnerPay.WeChat.Pay;

/// <summary>Answer of <c>GET /v3/bill/tradebill</c> and <c>fundflowbill</c>: where the file lies and what it must hash to.</summary>
public sealed record BillAnswer
{
    /// <summary>Always <c>SHA1</c>.</summary>
    public required string HashType { get; init; }
    /// <summary>40 hex digits over the unpacked file.</summary>
    public required string HashValue { get; init; }
    /// <summary>Absolute, good for 5 minutes; fetched and signed untouched.</summary>
    public required string DownloadUrl { get; init; }
}
