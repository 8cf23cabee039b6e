using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Collection;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <summary>Reminds of a part of an instalment plan some days before it falls due (<c>plan.part-due</c>); its subject is the part's notice id. What
/// is missing is asked anew at sending.</summary>
public sealed class PlanPartMessage(OwnerPayDb db, Clock clock) : IMessageKind
{
    public const string Name = "plan.part-due";

    /// <summary>From so many days before its date on; the message itself goes once.</summary>
    public const int DaysAhead = 3;

    public string Kind => Name;

    public MessagePurpose Purpose => MessagePurpose.Reminder;

    public MessageText WithoutTemplate => new("分期款即将到期", "您的分期缴费有一期即将到期，请在“账单”页面查看并按时缴纳，以免分期终止。");

    public IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["community"] = "阳光花园第二期住宅小区", ["house"] = "12-3-2801", ["number"] = "12", ["parts"] = "12", ["missing"] = "99999999.99",
        ["dueDate"] = "2026年12月31日",
        ["contact"] = "021-60000000-801",
    };

    public async Task<string?> Unwanted(Message message, CancellationToken cancel)
    {
        if (await Find(message.SubjectId, cancel) is not ({ } plan, { } part, { } facts) || plan.State != GrantState.Granted) return "plan_over";
        return Coming(facts, clock.Today()) is { } coming && coming.Part + 1 == part.Number ? null : "paid";
    }

    public async Task<IReadOnlyCollection<Guid>?> Debtors(Message message, CancellationToken cancel)
    {
        var (plan, _, _) = (await Find(message.SubjectId, cancel))!;
        return [.. (await PartyMembers.Of(db, [plan!.PartyId], cancel))[plan.PartyId]];
    }

    public async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var (plan, part, facts) = await Find(message.SubjectId, cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == plan!.CommunityId, cancel);
        return new Dictionary<string, string>
        {
            ["community"] = community.Name,
            ["house"] = await db.Houses.Where(h => h.Id == plan!.HouseId).Select(h => h.Code).SingleAsync(cancel),
            ["number"] = part!.Number.ToString(CultureInfo.InvariantCulture),
            ["parts"] = facts!.Parts.Count.ToString(CultureInfo.InvariantCulture),
            ["missing"] = (Coming(facts, clock.Today())?.Missing ?? new Fen(part.Fen)).InYuan(),
            ["dueDate"] = part.DueOn.ToString("yyyy年M月d日", CultureInfo.InvariantCulture),
            ["contact"] = community.ContactPhone,
        };
    }

    async Task<(InstalmentPlan? Plan, PlanPart? Part, PlanFacts? Facts)> Find(Guid notice, CancellationToken cancel)
    {
        if (await db.PlanParts.AsNoTracking().SingleOrDefaultAsync(p => p.NoticeId == notice, cancel) is not { } part) return (null, null, null);
        var plan = await db.InstalmentPlans.AsNoTracking().SingleAsync(p => p.Id == part.PlanId, cancel);
        return (plan, part, (await BillStops.Plans(db, [plan.Id], cancel)).GetValueOrDefault(plan.Id));
    }

    /// <summary>The part of a plan to remind of on a day.</summary>
    public static (int Part, Fen Missing)? Coming(PlanFacts facts, DateOnly today) =>
        Instalments.Coming(today, facts.Parts, facts.GraceDays, facts.Moves, DaysAhead);

    /// <summary>Tells all who owe of the part that is to come, once; called whenever plans are looked at.</summary>
    public static async Task Remind(OwnerPayDb db, Messages messages, InstalmentPlan plan, PlanFacts facts, DateOnly today, CancellationToken cancel)
    {
        if (plan.State != GrantState.Granted || Coming(facts, today) is not { } coming) return;
        var number = coming.Part + 1;
        var notice = await db.PlanParts.Where(p => p.PlanId == plan.Id && p.Number == number).Select(p => p.NoticeId).SingleAsync(cancel);
        if (await db.Messages.AnyAsync(m => m.SubjectId == notice && m.Kind == Name, cancel)) return;
        var members = (await PartyMembers.Of(db, [plan.PartyId], cancel))[plan.PartyId];
        await messages.TellAll(Name, plan.CommunityId, [.. members.Select(person => new Recipient(person, notice, plan.HouseId))], null, cancel);
    }
}
