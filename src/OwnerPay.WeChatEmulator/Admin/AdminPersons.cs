using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.MiniProgram;
using OwnerPay.WeChatEmulator.MiniProgram.Pushing;
using OwnerPay.WeChatEmulator.Pay;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Admin;

/// <param name="Openid">Made up when absent.</param>
/// <param name="Phone">Without country code.</param>
sealed record UserInput(string? Openid = null, string? Phone = null, string? Nickname = null, string? Unionid = null);

/// <param name="Accept">Template ids; each grants <paramref name="Times"/> messages.</param>
/// <param name="Reject">Template ids; grants already given stay.</param>
/// <param name="RefuseAll">Turns the main switch of subscription messages off or on.</param>
/// <param name="Keep">The box «不再询问»: true keeps these answers, false forgets kept ones of these templates.</param>
sealed record SubscriptionInput(
    string[]? Accept = null, string[]? Reject = null, int Times = 1, bool? RefuseAll = null, bool? Keep = null);

/// <param name="Appid">The mini-program that calls <c>wx.login</c>; the bound one when absent.</param>
sealed record CodeInput(string? Appid = null);

/// <param name="Fields">Keys such as <c>thing1</c>.</param>
sealed record TemplateInput(string TemplateId, string[] Fields, string? Title = null);

/// <summary>People with phones: who they are, their one-time codes, what they agreed to and what they got.</summary>
sealed class AdminPersons(Store store, Keys keys, SubscribeMessages messages, Pushes pushes)
{
    public void Map(RouteGroupBuilder admin)
    {
        admin.MapPost("/users", Save);
        admin.MapGet("/users", () => store.Read(db => db.Users.OrderBy(user => user.Openid).ToListAsync()));
        admin.MapPost("/users/{openid}/login-code", (string openid, CodeInput? input) => Code(openid, UserCodeKind.Login, input?.Appid));
        admin.MapPost("/users/{openid}/phone-code", (string openid, CodeInput? input) => Code(openid, UserCodeKind.Phone, input?.Appid));
        admin.MapPost("/users/{openid}/subscriptions", Answer);
        admin.MapGet("/users/{openid}/messages", Messages);
        admin.MapPost("/users/{openid}/template-refusals", async (string openid, SubscriptionRequest input) =>
        {
            await messages.Refuse(openid, input.TemplateIds);
            return TypedResults.NoContent();
        });
        admin.MapPut("/templates", (TemplateInput[] templates) => Templates(templates, official: false));
        admin.MapPut("/official-account/templates", (TemplateInput[] templates) => Templates(templates, official: true));
        admin.MapPut("/pages", async (string[] pages) =>
        {
            await messages.Publish(pages);
            return TypedResults.NoContent();
        });
    }

    async Task<IResult> Save(UserInput input)
    {
        var openid = input.Openid ?? $"o{RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", 27)}";
        if (!OrderRequest.Openids.IsMatch(openid)) return AdminDoor.BadRequest("an openid has 1 to 128 characters 0-9 A-Z a-z _ -");
        return TypedResults.Ok(await store.Write(async db =>
        {
            var user = await Person(db, openid);
            user.Phone = input.Phone ?? user.Phone;
            user.Nickname = input.Nickname ?? user.Nickname;
            user.Unionid = input.Unionid ?? user.Unionid;
            return user;
        }));
    }

    async Task<IResult> Code(string openid, UserCodeKind kind, string? appid)
    {
        if (appid is not null && appid != keys.Appid) return AdminDoor.NotFound("no mini-program has that appid");
        if (!OrderRequest.Openids.IsMatch(openid)) return AdminDoor.NotFound("nobody has such an openid");
        return await store.Write<IResult>(async db =>
        {
            var user = await Person(db, openid);
            if (kind == UserCodeKind.Phone && user.Phone.Length == 0)
                return AdminDoor.Conflict("no_phone", "this person bound no phone number to WeChat");
            var code = RandomNumberGenerator.GetHexString(32, lowercase: true);
            db.Add(new UserCode { Code = code, Kind = kind, Openid = openid, IssuedAt = TimeProvider.System.GetUtcNow() });
            return TypedResults.Ok(new { code });
        });
    }

    /// <summary>The result of <c>wx.requestSubscribeMessage</c>, or of the switch in the settings.</summary>
    async Task<IResult> Answer(string openid, SubscriptionInput input)
    {
        if (!OrderRequest.Openids.IsMatch(openid)) return AdminDoor.NotFound("nobody has such an openid");
        if (input.Times is < 1 or > 1000) return AdminDoor.BadRequest("times is 1 to 1000");
        var outcome = await store.Write(async db =>
        {
            var user = await Person(db, openid);
            user.RefusesMessages = input.RefuseAll ?? user.RefusesMessages;
            foreach (var template in (input.Accept ?? []).Distinct()) await Grant(db, openid, template, input.Times);
            foreach (var template in (input.Accept ?? []).Union(input.Reject ?? []))
                if (input.Keep is { } keep) await Keep(db, openid, template, keep ? input.Accept?.Contains(template) == true : null);
            await db.SaveChangesAsync();
            var left = await db.Grants.Where(grant => grant.Openid == openid).ToDictionaryAsync(grant => grant.TemplateId, grant => grant.Left);
            return new { openid, user.RefusesMessages, grants = left };
        });
        var choices = (input.Accept ?? []).Distinct().Select(id => (id, "accept"))
            .Concat((input.Reject ?? []).Distinct().Select(id => (id, "reject"))).ToList();
        if (choices.Count > 0)
            for (var time = 0; time < input.Times; time++) await pushes.Tell(keys.MiniProgram, openid, PushEvent.Popup(choices));
        return TypedResults.Ok(outcome);
    }

    static async Task Grant(EmulatorDb db, string openid, string template, int times)
    {
        var grant = await db.Grants.FindAsync(openid, template);
        if (grant is null) db.Add(grant = new() { Openid = openid, TemplateId = template });
        grant.Left += times;
    }

    static async Task Keep(EmulatorDb db, string openid, string template, bool? accept)
    {
        var kept = await db.KeptChoices.FindAsync(openid, template);
        if (accept is { } answer && kept is null) db.Add(new KeptChoice { Openid = openid, TemplateId = template, Accept = answer });
        else if (accept is { } changed) kept!.Accept = changed;
        else if (kept is not null) db.Remove(kept);
    }

    /// <summary>What arrived on the phone, oldest first.</summary>
    async Task<IResult> Messages(string openid)
    {
        var found = await store.Read(db => ServiceNotification.After(db, openid, 0));
        return TypedResults.Ok(found);
    }

    async Task<IResult> Templates(TemplateInput[] templates, bool official) => TypedResults.Ok(await store.Write(async db =>
    {
        await db.Templates.Where(template => template.IsOfficial == official).ExecuteDeleteAsync();
        db.AddRange(templates.Select(input => new Template
        {
            TemplateId = input.TemplateId, IsOfficial = official, Title = input.Title ?? "", Fields = string.Join(',', input.Fields),
        }));
        return new { registered = templates.Length };
    }));

    static async Task<WeChatUser> Person(EmulatorDb db, string openid)
    {
        var user = await db.Users.FindAsync(openid);
        if (user is null) db.Add(user = new() { Openid = openid });
        return user;
    }
}
