using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Tells the payer that his money is back. Its subject is the refund.</summary>
public sealed class RefundMessage(OwnerPayDb db) : IMessageKind
{
    public const string Name = "refund.done";

    public string Kind => Name;

    public MessagePurpose Purpose => MessagePurpose.Answer;

    public IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["amount"] = "123456.78", ["community"] = "阳光花园", ["contact"] = "021-60000000-801", ["house"] = "12-3-2801", ["reason"] = "重复缴费，多缴部分退回",
        ["refundedAt"] = "2026年12月31日 23:59",
    };

    public MessageText WithoutTemplate => new("退款到账", "您的退款已退回，可在缴费记录中查看。");

    public async Task<string?> Unwanted(Message message, CancellationToken cancel) =>
        await db.Refunds.AnyAsync(r => r.Id == message.SubjectId && r.State == RefundState.Done, cancel) ? null : "obsolete";

    public async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var refund = await db.Refunds.AsNoTracking().SingleAsync(r => r.Id == message.SubjectId, cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == refund.CommunityId, cancel);
        var house = await db.Houses.AsNoTracking().SingleAsync(h => h.Id == refund.HouseId, cancel);
        return new Dictionary<string, string>
        {
            ["amount"] = new Fen(refund.AmountFen).InYuan(),
            ["community"] = community.Name,
            ["contact"] = community.ContactPhone,
            ["house"] = house.Code,
            ["reason"] = refund.Reason,
            ["refundedAt"] = refund.EndedAt!.Value.ToOffset(Clock.ShanghaiOffset).ToString("yyyy年M月d日 HH:mm", CultureInfo.InvariantCulture),
        };
    }
}
