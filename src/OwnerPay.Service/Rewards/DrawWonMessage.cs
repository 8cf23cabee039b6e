using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Tells a winner of his prize. Its subject is the win.</summary>
public sealed class DrawWonMessage(OwnerPayDb db) : IMessageKind
{
    public const string Name = "draw.won";

    public string Kind => Name;

    public MessagePurpose Purpose => MessagePurpose.Notice;

    public IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["community"] = "阳光花园", ["contact"] = "021-60000000-801", ["draw"] = "新年按时缴费抽奖", ["lastDay"] = "2026年12月31日", ["prize"] = "上门保洁四小时",
    };

    public MessageText WithoutTemplate => new("中奖通知", "您参加的抽奖已中奖，请在抽奖页面查看领取码，并在截止日前领取。");

    public async Task<string?> Unwanted(Message message, CancellationToken cancel) =>
        await db.DrawWins.AnyAsync(w => w.Id == message.SubjectId && w.State == DrawWinState.Waiting, cancel) ? null : "obsolete";

    public async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var win = await db.DrawWins.AsNoTracking().SingleAsync(w => w.Id == message.SubjectId, cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == win.CommunityId, cancel);
        return new Dictionary<string, string>
        {
            ["community"] = community.Name, ["contact"] = community.ContactPhone, ["draw"] = await db.Draws.Where(d => d.Id == win.DrawId)
                .Select(d => d.Title).SingleAsync(cancel),
            ["lastDay"] = win.ExpiresOn.ToString("yyyy年M月d日", CultureInfo.InvariantCulture), ["prize"] = win.PrizeName,
        };
    }
}
