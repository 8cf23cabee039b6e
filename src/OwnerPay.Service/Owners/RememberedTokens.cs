using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OwnerPay.Service.Owners;

/// <summary>Checks the signature of a session token once and remembers that it was good until the token ends: an owner who taps twice is not computed anew.</summary>
/// <remarks>Nothing else is remembered: whether the user is still known and what he is to a house is asked on each request. A signing key stays in the ring for
/// longer than any token lives, so nothing can turn bad that was good.</remarks>
sealed class RememberedTokens : JsonWebTokenHandler, IDisposable
{
    /// <summary>Tokens at most, some 3 KB each.</summary>
    const int Most = 10_000;

    readonly MemoryCache good = new(new MemoryCacheOptions { SizeLimit = Most });

    /// <summary>True for a token that was checked and has not ended.</summary>
    public bool Remembers(string token) => good.TryGetValue(token, out _);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (good.TryGetValue<TokenValidationResult>(token, out var before)) return before!;
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result is { IsValid: true, SecurityToken.ValidTo: var ends } && ends > TimeProvider.System.GetUtcNow().UtcDateTime)
            good.Set(token, result, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = new DateTimeOffset(ends, TimeSpan.Zero) });
        return result;
    }

    public void Dispose() => good.Dispose();
}
