using System.Text.Json.Serialization;

namespace OwnerPay.Service.Platform;

/// <summary>An expected refusal: a value, not an exception. It becomes RFC 9457 problem details with a stable code and a Chinese title.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable machine-readable code in snake_case; listed in the contracts.</param>
/// <param name="Title">What people read, in Chinese.</param>
public sealed record Error(int Status, string Code, string Title)
{
    /// <summary>The field that is wrong, in camelCase, if one is.</summary>
    public string? Field { get; init; }

    /// <summary>What would be right, or what to do next, in Chinese.</summary>
    public string? Detail { get; init; }

    /// <summary>Facts a client needs to go on (a new quote, seconds to wait); never about other people.</summary>
    [JsonPropertyName("more")]
    public IReadOnlyDictionary<string, object?>? More { get; init; }

    public Error At(string field, string? detail = null) => this with { Field = field, Detail = detail ?? Detail };

    public Error With(string name, object? fact) => this with { More = new Dictionary<string, object?>(More ?? new Dictionary<string, object?>()) { [name] = fact } };
}
