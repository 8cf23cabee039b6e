using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <param name="Label">What it is for: <c>month end script</c>.</param>
/// <param name="Days">How long it lives, 1 to 366 days.</param>
public sealed record TokenRequest([property: Required, MaxLength(100)] string Label, [property: Range(1, 366)] int Days);

/// <param name="Token">Shown this once; only its hash is kept.</param>
public sealed record TokenAnswer(Guid TokenId, string Token, DateTimeOffset ExpiresAt);

public sealed record TokenItem(Guid TokenId, string Label, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>Personal access tokens for scripts and verbs: made with a password sign-in, listed, revoked.</summary>
/// <remarks>Errors: <c>password_sign_in_needed</c> 403 (a token makes no further tokens: one that leaked must end on its day), <c>token_not_found</c> 404.</remarks>
public sealed class Tokens(OwnerPayDb db, Audit audit)
{
    public static readonly Error PasswordNeeded = new(403, "password_sign_in_needed", "请用密码登录后再办理");
    static readonly Error NotFound = new(404, "token_not_found", "没有找到该访问令牌");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/tokens", Post).WithName("createToken").ForStaff().CanFail(PasswordNeeded);
        doors.Staff.MapGet("/tokens", List).WithName("listTokens").ForStaff();
        doors.Staff.MapDelete("/tokens/{id:guid}", Delete).WithName("revokeToken").ForStaff().CanFail(NotFound);
    }

    static async Task<Results<Created<TokenAnswer>, ProblemHttpResult>> Post(StaffAccess access, TokenRequest request, Tokens tokens, CancellationToken cancel) =>
        (await tokens.Create(request, access, cancel)).ToHttp(made => TypedResults.Created($"/api/staff/v1/tokens/{made.TokenId}", made));

    static async Task<Ok<Page<TokenItem>>> List(StaffAccess access, OwnerPayDb db, CancellationToken cancel)
    {
        var tokens = db.StaffTokens;
        return TypedResults.Ok(new Page<TokenItem>(await tokens.Where(t => t.StaffId == access.StaffId).OrderByDescending(t => t.CreatedAt)
            .Select(t => new TokenItem(t.Id, t.Label, t.CreatedAt, t.ExpiresAt, t.RevokedAt)).Take(200).ToListAsync(cancel), null));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, StaffAccess access, Tokens tokens, CancellationToken cancel) =>
        await tokens.Revoke(id, access, cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    public async Task<Result<TokenAnswer>> Create(TokenRequest request, StaffAccess access, CancellationToken cancel)
    {
        if (access.ByToken) return PasswordNeeded;
        var (token, now) = (StaffToken.Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), TimeProvider.System.GetUtcNow());
        var row = new StaffToken
        {
            Id = Guid.CreateVersion7(), StaffId = access.StaffId, Hash = StaffToken.HashOf(token), Label = request.Label, CreatedAt = now, ExpiresAt = now.AddDays(request.Days),
        };
        db.Add(row);
        audit.Add(null, access.StaffId.ToString("N"), "token.created", row.Id, new { row.Label, row.ExpiresAt });
        await db.SaveChangesAsync(cancel);
        return new TokenAnswer(row.Id, token, row.ExpiresAt);
    }

    /// <summary>Revokes all of a person's tokens at once, in the caller's transaction.</summary>
    public static Task<int> RevokeAll(OwnerPayDb db, Guid staffId, CancellationToken cancel)
    {
        DateTimeOffset? now = TimeProvider.System.GetUtcNow();
        return db.StaffTokens.Where(t => t.StaffId == staffId && t.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, now), cancel);
    }

    /// <returns>Null when it is revoked; a token revoked before stays so.</returns>
    public async Task<Error?> Revoke(Guid id, StaffAccess access, CancellationToken cancel)
    {
        var tokens = db.StaffTokens;
        var token = await tokens.SingleOrDefaultAsync(t => t.Id == id && t.StaffId == access.StaffId, cancel);
        if (token is null) return NotFound;
        if (token.RevokedAt is not null) return null;
        token.RevokedAt = TimeProvider.System.GetUtcNow();
        audit.Add(null, access.StaffId.ToString("N"), "token.revoked", id, new { token.Label });
        await db.SaveChangesAsync(cancel);
        return null;
    }
}
