using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Campaigns;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>One stage of reminding of a bill: <c>bill.reminder.friendly</c>, <c>.first</c>, <c>.second</c>, <c>.final</c>. Its subject is the bill;
/// amounts, days and stage are those of the moment of sending.</summary>
public sealed class BillReminderMessage(ReminderStage stage, OwnerPayDb db, OpenBills bills, Clock clock) : IMessageKind
{
    public string Kind => stage switch
    {
        ReminderStage.Friendly => BillReminders.Friendly,
        ReminderStage.First => BillReminders.First,
        ReminderStage.Second => BillReminders.Second,
        ReminderStage.Final => BillReminders.Final,
        _ => throw new InvalidOperationException($"No kind for {stage}"),
    };

    public MessagePurpose Purpose => MessagePurpose.Reminder;

    public bool NeedsProof => stage == ReminderStage.Final;

    public MessageText WithoutTemplate => stage switch
    {
        ReminderStage.Friendly => new("缴费提醒", "您有账单即将到期，请在“账单”页面查看并及时缴纳。如已缴纳请忽略。"),
        ReminderStage.First => new("账单已到期", "您有账单已过缴费期限，请在“账单”页面查看并尽快缴纳。如有疑问请联系物业服务中心。"),
        ReminderStage.Second => new("账单逾期提醒", "您的账单仍未缴纳，逾期期间可能按约定计收违约金，请在“账单”页面查看并尽快缴纳。如有困难请联系物业服务中心协商。"),
        _ => new("最后催缴通知", "您的账单经多次提醒仍未缴纳，请在“账单”页面查看并立即缴纳；逾期不缴的，物业服务人可依法申请仲裁或提起诉讼。"),
    };

    public IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["community"] = "阳光花园第二期住宅小区", ["house"] = "12-3-2801", ["title"] = "物业费、地下车位管理费、公共能耗分摊费", ["period"] = "2026年12月1日~2026年12月31日",
        ["open"] = "99999999.99", ["lateFee"] = "99999999.99", ["total"] = "99999999.99", ["dueDate"] = "2026年12月31日", ["daysLate"] = "9999",
        ["today"] = "2026年12月31日", ["contact"] = "021-60000000-801",
    };

    /// <summary>Nobody is reminded of what is paid or withdrawn, called late with what is disputed, put off or paid by instalments, or told of a
    /// stage that is not true on the day.</summary>
    public async Task<string?> Unwanted(Message message, CancellationToken cancel)
    {
        var bill = await db.ToPay(message.SubjectId, cancel);
        if (bill is null) return "paid";
        var today = clock.Today();
        if (!stage.IsTrue(bill.DueOn, today)) return "stage_over";
        return await db.NotLate(bill.Id, today, cancel);
    }

    public Task<Guid?> Example(Guid house, CancellationToken cancel) => db.NewestBill(house, cancel);

    public Task<IReadOnlyCollection<Guid>?> Debtors(Message message, CancellationToken cancel) => db.DebtorsOf(message.SubjectId, cancel);

    public async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var loaded = (await bills.OfStaff([message.SubjectId], cancel)).Single();
        var (bill, today) = (loaded.Bill, clock.Today());
        var house = await db.Houses.AsNoTracking().Where(h => h.Id == bill.HouseId).Select(h => h.Code).SingleAsync(cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == bill.CommunityId, cancel);
        var lateFee = loaded.LateFeeOn(today);
        return new Dictionary<string, string>
        {
            ["community"] = community.Name,
            ["house"] = house,
            ["title"] = string.Join("、", loaded.Lines.Select(line => line.Title).Distinct()),
            ["period"] = $"{BillInMessages.Day(bill.PeriodFrom)}~{BillInMessages.Day(bill.PeriodTo)}",
            ["open"] = new Fen(bill.OpenFen).InYuan(),
            ["lateFee"] = new Fen(lateFee).InYuan(),
            ["total"] = new Fen(bill.OpenFen + lateFee).InYuan(),
            ["dueDate"] = BillInMessages.Day(bill.DueOn),
            ["daysLate"] = Math.Max(0, today.DayNumber - bill.DueOn.DayNumber).ToString(CultureInfo.InvariantCulture),
            ["today"] = BillInMessages.Day(today),
            ["contact"] = community.ContactPhone,
        };
    }
}
