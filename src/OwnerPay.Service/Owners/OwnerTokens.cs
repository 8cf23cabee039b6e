using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Owners;

/// <summary>Session tokens of owners: JWT, ES256, two hours on the system clock. They name the WeChat user and nothing else.</summary>
/// <remarks>Signed by the newest key of the ring in the database; the key's id travels in the header, so that any instance finds it.</remarks>
public sealed class OwnerTokens(KeyRing ring) : IDisposable
{
    /// <summary>Name of the authentication scheme and of the door.</summary>
    public const string Door = "owner";

    public static readonly TimeSpan Life = TimeSpan.FromHours(2);
    const string Purpose = "owner-token", Issuer = "ownerpay", Audience = "owner";
    readonly RememberedTokens handler = new() { SetDefaultTimesOnTokenCreation = false };
    readonly ConcurrentDictionary<string, SecurityKey> seen = new(StringComparer.Ordinal);

    /// <returns>The token and the instant of its end, both by the system clock.</returns>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> Issue(Guid user, CancellationToken cancel)
    {
        var (id, key) = (await ring.Keys(Purpose, cancel: cancel))[0];
        var now = TimeProvider.System.GetUtcNow();
        var ends = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()) + Life;    // a JWT counts whole seconds
        var token = handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer, Audience = Audience, IssuedAt = now.UtcDateTime, NotBefore = now.UtcDateTime, Expires = ends.UtcDateTime,
            Claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = user.ToString("N") },
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = id.ToString("N") }, SecurityAlgorithms.EcdsaSha256),
        });
        return (token, ends);
    }

    /// <summary>Sets up the bearer scheme: only ES256, only keys of the ring, at most a minute of clock difference between instances.</summary>
    public void Configure(JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.IncludeErrorDetails = false;
        options.SaveToken = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(handler);
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = Issuer, ValidAudience = Audience, ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            NameClaimType = JwtRegisteredClaimNames.Sub,
            ClockSkew = TimeSpan.FromMinutes(1), RequireExpirationTime = true, RequireSignedTokens = true,
            IssuerSigningKeyResolver = (_, _, kid, _) => kid is not null && seen.TryGetValue(kid, out var key) ? [key] : [],
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = context => Learn(context.Request.Headers.Authorization.ToString(), context.HttpContext.RequestAborted),
            OnTokenValidated = context =>
            {
                var subject = context.Principal?.FindFirstValue(JwtRegisteredClaimNames.Sub);
                if (Guid.TryParseExact(subject, "N", out _)) context.HttpContext.Features.Set(new Caller(Door, subject));
                else context.Fail("no subject");
                return Task.CompletedTask;
            },
        };
    }

    /// <summary>Fetches the key that a token names before it is checked: the check itself cannot wait for the database.</summary>
    async Task Learn(string header, CancellationToken cancel)
    {
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || header[7..].Trim() is var token && handler.Remembers(token)) return;
        if (KeyId(token) is not { } id) return;
        foreach (var (known, key) in await ring.Keys(Purpose, id, cancel))
            seen.TryAdd(known.ToString("N"), new ECDsaSecurityKey(key) { KeyId = known.ToString("N") });
    }

    public void Dispose() => handler.Dispose();

    Guid? KeyId(string token)
    {
        try
        {
            return handler.CanReadToken(token) && Guid.TryParseExact(handler.ReadJsonWebToken(token).Kid, "N", out var id) ? id : null;
        }
        catch (Exception garbage) when (garbage is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }
}
