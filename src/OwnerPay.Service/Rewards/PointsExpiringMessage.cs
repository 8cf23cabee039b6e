using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Points;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Tells an owner of points that expire soon, while they can still be spent. Its subject is a lot of that day.</summary>
public sealed class PointsExpiringMessage(OwnerPayDb db) : IMessageKind
{
    public const string Name = "points.expiring";

    public string Kind => Name;

    public MessagePurpose Purpose => MessagePurpose.Notice;

    public IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["community"] = "阳光花园", ["contact"] = "021-60000000-801", ["lastDay"] = "2026年12月31日", ["points"] = "1234567",
    };

    public MessageText WithoutTemplate => new("积分即将到期", "您有积分即将到期，请在积分页面查看并及时兑换。");

    public async Task<string?> Unwanted(Message message, CancellationToken cancel) => (await Left(message, cancel)).Points > 0 ? null : "obsolete";

    public async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var (points, lastDay) = await Left(message, cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == message.CommunityId, cancel);
        return new Dictionary<string, string>
        {
            ["community"] = community.Name, ["contact"] = community.ContactPhone, ["lastDay"] = lastDay.ToString("yyyy年M月d日",
                CultureInfo.InvariantCulture),
            ["points"] = points.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>What is left of all that expires with the lot; less what the person owes to a refund.</summary>
    async Task<(long Points, DateOnly LastDay)> Left(Message message, CancellationToken cancel)
    {
        var lots = db.PointsLots.AsNoTracking().Where(l => l.CommunityId == message.CommunityId && l.PersonId == message.PersonId);
        var day = await lots.Where(l => l.Id == message.SubjectId).Select(l => l.ExpiresOn).SingleAsync(cancel);
        var left = await lots.Where(l => l.ExpiresOn == day && l.Remaining > 0).SumAsync(l => l.Remaining, cancel);
        return (left + await lots.Where(l => l.Remaining < 0).SumAsync(l => l.Remaining, cancel), day);
    }
}
