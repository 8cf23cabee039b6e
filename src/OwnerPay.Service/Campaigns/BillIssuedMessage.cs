using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>The message <c>bill.issued</c>: a bill is there to be paid. What it says follows from the bill and the date at the moment of
/// sending.</summary>
public sealed class BillIssuedMessage(OwnerPayDb db, Clock clock) : IMessageKind
{
    public const string Name = BillReminders.Issued;

    public string Kind => Name;

    public MessagePurpose Purpose => MessagePurpose.Notice;

    public MessageText WithoutTemplate => new("新账单", "您有一份新的账单，请在“账单”页面查看。");

    public IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["community"] = "阳光花园第二期住宅小区", ["house"] = "12-3-2801", ["title"] = "物业费、地下车位管理费、公共能耗分摊费", ["period"] = "2026年12月1日~2026年12月31日",
        ["amount"] = "99999999.99", ["open"] = "99999999.99", ["dueDate"] = "2026年12月31日", ["stage"] = "已过期限", ["contact"] = "021-60000000-801",
    };

    /// <summary>Nobody is asked to pay what is paid or withdrawn, and nobody is told that he is late with what is disputed, put off or paid by
    /// instalments.</summary>
    public async Task<string?> Unwanted(Message message, CancellationToken cancel)
    {
        var bill = await db.ToPay(message.SubjectId, cancel);
        if (bill is null) return "paid";
        var today = clock.Today();
        if (bill.DueOn >= today) return null;
        return await db.NotLate(bill.Id, today, cancel);
    }

    public Task<Guid?> Example(Guid house, CancellationToken cancel) => db.NewestBill(house, cancel);

    public Task<IReadOnlyCollection<Guid>?> Debtors(Message message, CancellationToken cancel) => db.DebtorsOf(message.SubjectId, cancel);

    public async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var found = await (
            from bill in db.Bills.AsNoTracking()
            where bill.Id == message.SubjectId
            join house in db.Houses.AsNoTracking() on bill.HouseId equals house.Id
            join community in db.Communities.AsNoTracking() on bill.CommunityId equals community.Id
            select new { bill, house.Code, community.Name, community.ContactPhone }).SingleAsync(cancel);
        var titles = await db.BillLines.AsNoTracking().Where(line => line.BillId == message.SubjectId).OrderBy(line => line.Number)
            .Select(line => line.Title).ToListAsync(cancel);
        return new Dictionary<string, string>
        {
            ["community"] = found.Name,
            ["house"] = found.Code,
            ["title"] = string.Join("、", titles.Distinct()),
            ["period"] = $"{BillInMessages.Day(found.bill.PeriodFrom)}~{BillInMessages.Day(found.bill.PeriodTo)}",
            ["amount"] = new Fen(found.bill.AmountFen).InYuan(),
            ["open"] = new Fen(found.bill.OpenFen).InYuan(),
            ["dueDate"] = BillInMessages.Day(found.bill.DueOn),
            ["stage"] = Stage(found.bill.DueOn, clock.Today()),
            ["contact"] = found.ContactPhone,
        };
    }

    /// <summary>Overdue begins on the day after the due date, never before.</summary>
    public static string Stage(DateOnly due, DateOnly today) => today <= due ? "待缴费" : "已过期限";
}
