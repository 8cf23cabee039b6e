using System.Text.Json;

namespace OwnerPay.WeChat.Pay;

/// <summary>Body of an answer that is not 2xx.</summary>
public sealed record PayErrorAnswer
{
    public string? Code { get; init; }
    public string? Message { get; init; }
    /// <summary>Free in shape; may repeat parts of the request, so it is not for logs.</summary>
    public JsonElement? Detail { get; init; }
}
