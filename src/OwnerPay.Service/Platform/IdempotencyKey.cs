using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace OwnerPay.Service.Platform;

/// <summary>One intended act: whoever repeats it (a second tap, a retry, a repeated callback) gets the first answer again.</summary>
/// <param name="Door"><c>owner</c>, <c>staff</c>, <c>wechat</c> or <c>job</c>.</param>
/// <param name="Subject">Who acts there: user id, staff id, merchant, job name.</param>
/// <param name="Operation">What is done: the endpoint's or operation's name.</param>
/// <param name="Value">The client's key, or a natural key such as a transaction number.</param>
public sealed record IdempotencyKey(string Door, string Subject, string Operation, string Value)
{
    public static readonly Error Missing = new(400, "idempotency_key_missing", "缺少请求编号") { Field = "Idempotency-Key", Detail = "请在请求头 Idempotency-Key 中带上 8–64 位的唯一编号" };
    public static readonly Error Reused = new(422, "idempotency_key_reused", "该请求编号已用于不同的内容");

    /// <summary>The key as the database holds it: SHA-256 over its four parts, each with its length, so that no two keys can run together.</summary>
    public byte[] Hash()
    {
        var text = new StringBuilder();
        foreach (var part in (ReadOnlySpan<string>)[Door, Subject, Operation, Value]) text.Append(part.Length).Append(':').Append(part);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Reads the header <c>Idempotency-Key</c>. Door and subject are those of the signed-in caller, the operation is the route's name.</summary>
    public static ValueTask<IdempotencyKey?> BindAsync(HttpContext http, ParameterInfo _)
    {
        var value = http.Request.Headers["Idempotency-Key"].ToString();
        if (value.Length is < 8 or > 64 || value.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_')))
            throw new RefusedRequestException(Missing);
        var name = http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? http.Request.Path.Value!;
        var caller = http.Features.Get<Caller>() ?? throw new InvalidOperationException("A route with an idempotency key stands behind a sign-in.");
        return new(new IdempotencyKey(caller.Door, caller.Subject, name, value));
    }
}

/// <summary>Who stands at a door: set by each door's sign-in, read by idempotency, logs and audit.</summary>
public sealed record Caller(string Door, string Subject);

/// <summary>Refuses a request while it is being bound, before an operation could return a value.</summary>
public sealed class RefusedRequestException(Error error) : Exception(error.Code)
{
    public Error Error { get; } = error;
}
