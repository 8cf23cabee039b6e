using System.Reflection;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.PayLinks;

/// <summary>A signed-in WeChat user with a pay link that lives. He needs no binding, and learns nothing but what the link shows.</summary>
/// <param name="Bills">The link's bills, in whatever state.</param>
public sealed record LinkHolder(SignedIn User, PayLink Link, IReadOnlyList<Guid> Bills)
{
    public const string Header = "Pay-Link";

    /// <summary>One answer for all links that are of no use: nobody learns whether one ever existed.</summary>
    public static readonly Error Invalid = new(404, "pay_link_invalid", "缴费链接无效或已过期，请向业主或物业服务中心索取新的链接");

    public BillPayer Payer => new(
        User.WeChatUserId, User.OpenId, User.AppId, Link.CommunityId, Link.HouseId, Link.PersonId, [Link.PartyId], Link.Id, Bills);

    /// <summary>Binds an endpoint's parameter from the session and the header <c>Pay-Link</c>; a header, so that no log of addresses holds a link.</summary>
    public static async ValueTask<LinkHolder?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        var user = (await SignedIn.BindAsync(http, parameter))!;
        var token = http.Request.Headers[Header].ToString();
        return await http.RequestServices.GetRequiredService<LivingPayLinks>().Find(user, token, http.RequestAborted) ?? throw new RefusedRequestException(Invalid);
    }
}

/// <summary>Finds pay links by their characters, as long as they live.</summary>
public sealed class LivingPayLinks(OwnerPayDb db, OpenBills openBills, Clock clock)
{
    public async Task<LinkHolder?> Find(SignedIn user, string token, CancellationToken cancel)
    {
        if (token.Length != PayLink.TokenLength || !token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return null;
        var (hash, now, today) = (PayLink.HashOf(token), clock.Now(), clock.Today());
        var link = await db.PayLinks.AsNoTracking().SingleOrDefaultAsync(l => l.Hash == hash && l.RevokedAt == null && l.ExpiresAt > now, cancel);
        if (link is null) return null;
        // A link on paper outlives a sale; the buyer who finds it must not learn what the seller owes.
        if (!await db.LiableParties.AnyAsync(p => p.Id == link.PartyId && (p.To == null || p.To >= today), cancel)) return null;
        if (!await db.Tenures.AnyAsync(t => t.HouseId == link.HouseId && t.PersonId == link.PersonId && (t.To == null || t.To >= today), cancel)) return null;
        var bills = await db.PayLinkBills.Where(of => of.PayLinkId == link.Id).Select(of => of.BillId).ToListAsync(cancel);
        var shown = await openBills.Of(link.HouseId, [link.PartyId], bills, cancel);
        return shown.Any(bill => bill.OwedOn(today)) ? new LinkHolder(user, link, bills) : null;
    }
}
