using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Tells the payer that the money came. Its subject is the payment.</summary>
public sealed class ReceiptMessage(OwnerPayDb db) : IMessageKind
{
    public const string Name = "payment.receipt";

    public string Kind => Name;

    public MessagePurpose Purpose => MessagePurpose.Answer;

    public IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["amount"] = "123456.78", ["community"] = "阳光花园", ["contact"] = "021-60000000-801", ["house"] = "12-3-2801", ["paidAt"] = "2026年12月31日 23:59",
        ["receipt"] = "2026-123456",
    };

    public MessageText WithoutTemplate => new("缴费成功", "您的缴费已到账，可在缴费记录中查看收据。");

    public async Task<string?> Unwanted(Message message, CancellationToken cancel) =>
        await db.Payments.AnyAsync(p => p.Id == message.SubjectId, cancel) ? null : "obsolete";

    public Task<Guid?> Example(Guid house, CancellationToken cancel) =>
        db.Receipts.Where(r => r.HouseId == house).OrderByDescending(r => r.Id).Select(r => (Guid?)r.PaymentId).FirstOrDefaultAsync(cancel);

    public async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var payment = await db.Payments.AsNoTracking().SingleAsync(p => p.Id == message.SubjectId, cancel);
        var receipt = await db.Receipts.AsNoTracking().SingleAsync(r => r.PaymentId == payment.Id, cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == payment.CommunityId, cancel);
        var house = await db.Houses.AsNoTracking().SingleAsync(h => h.Id == receipt.HouseId, cancel);
        return new Dictionary<string, string>
        {
            ["amount"] = new Fen(payment.ReceivedFen).InYuan(),
            ["community"] = community.Name,
            ["contact"] = community.ContactPhone,
            ["house"] = house.Code,
            ["paidAt"] = payment.PaidAt.ToOffset(Clock.ShanghaiOffset).ToString("yyyy年M月d日 HH:mm", CultureInfo.InvariantCulture),
            ["receipt"] = receipt.Number is { } number ? ShowReceipt.Text(receipt.Year, number) : ShowReceipt.NumberInTheMaking,
        };
    }
}
