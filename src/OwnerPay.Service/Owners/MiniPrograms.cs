using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Owners;

/// <summary>Reads WeChat's push to one mini-program.</summary>
public sealed record MiniProgramPush(string AppId, PushReader Reader);

/// <summary>The mini-program accounts of this installation, with their secrets unwrapped for one call.</summary>
public sealed class MiniPrograms(OwnerPayDb db, MasterKey master)
{
    /// <returns>Null when the appid is not ours.</returns>
    public async Task<MiniProgramCredentials?> Find(string appId, CancellationToken cancel) =>
        await Secret(appId, cancel) is { } secret ? new MiniProgramCredentials(appId, secret) : null;

    /// <returns>True when this is the secret that we have for it: then there is nothing to set.</returns>
    public async Task<bool> Holds(string appId, string secret, CancellationToken cancel) => await Secret(appId, cancel) == secret;

    async Task<string?> Secret(string appId, CancellationToken cancel)
    {
        var programs = db.MiniPrograms;
        var wrapped = await programs.AsNoTracking().Where(m => m.AppId == appId).Select(m => m.SecretWrapped).SingleOrDefaultAsync(cancel);
        return wrapped is null ? null : master.UnwrapText(MiniProgram.SecretPurpose, wrapped);
    }

    /// <param name="program">Its appid, or our id of it.</param>
    /// <returns>Null when it is not ours, or its message push is not set up.</returns>
    public async Task<MiniProgramPush?> Push(string program, CancellationToken cancel)
    {
        var programs = db.MiniPrograms.AsNoTracking();
        var found = await (Guid.TryParse(program, out var id) ? programs.Where(m => m.Id == id) : programs.Where(m => m.AppId == program))
            .SingleOrDefaultAsync(cancel);
        if (found is not { PushTokenWrapped: { } token, PushAesKeyWrapped: { } key }) return null;
        var cipher = new PushCipher(
            master.UnwrapText(MiniProgram.PushPurpose, token), master.UnwrapText(MiniProgram.PushPurpose, key), found.AppId);
        return new MiniProgramPush(found.AppId, new PushReader(cipher, TimeProvider.System));
    }
}
