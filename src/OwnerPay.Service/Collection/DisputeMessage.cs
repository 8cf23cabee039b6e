using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <summary>Tells whoever disputes a bill that the company answered (<c>dispute.answered</c>, subject: the answer) or closed the dispute
/// (<c>dispute.closed</c>, subject: the dispute). An answer to what he asked: no hour is too late for it.</summary>
public sealed class DisputeMessage(bool closed, OwnerPayDb db) : IMessageKind
{
    public const string Answered = "dispute.answered", Closed = "dispute.closed";

    public string Kind => closed ? Closed : Answered;

    public MessagePurpose Purpose => MessagePurpose.Answer;

    public MessageText WithoutTemplate => closed
        ? new("异议已办结", "您提出的账单异议已有处理结果，请在账单详情中查看。")
        : new("异议已答复", "您提出的账单异议已有答复，请在账单详情中查看。");

    public IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["community"] = "阳光花园第二期住宅小区", ["house"] = "12-3-2801", ["outcome"] = "异议不成立", ["answer"] = "经核对抄表记录与公摊明细，本期账单计算无误，明细已放在账单详情中。",
        ["contact"] = "021-60000000-801",
    };

    /// <summary>A newer answer stands in the place of one that did not leave yet; a dispute that was closed tells of that alone.</summary>
    public async Task<string?> Unwanted(Message message, CancellationToken cancel) =>
        await Disputes(message.SubjectId).AnyAsync(d => closed == (d.State == DisputeState.Closed), cancel) ? null : "obsolete";

    public async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var dispute = await Disputes(message.SubjectId).SingleAsync(cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == dispute.CommunityId, cancel);
        return new Dictionary<string, string>
        {
            ["community"] = community.Name,
            ["house"] = await db.Houses.Where(h => h.Id == dispute.HouseId).Select(h => h.Code).SingleAsync(cancel),
            ["outcome"] = dispute.Outcome switch
            {
                DisputeOutcome.Upheld => "异议成立",
                DisputeOutcome.Rejected => "异议不成立",
                DisputeOutcome.Settled => "协商解决",
                DisputeOutcome.Withdrawn => "已撤回",
                _ => "处理中",
            },
            ["answer"] = dispute.Answer ?? "",
            ["contact"] = community.ContactPhone,
        };
    }

    IQueryable<Dispute> Disputes(Guid subject) => db.Disputes.AsNoTracking().Where(d => closed ? d.Id == subject : d.AnswerId == subject);

    /// <summary>Whoever opened it, or all who owe the bill where staff opened it for them.</summary>
    public static async Task Tell(OwnerPayDb db, Messages messages, Dispute dispute, bool closed, CancellationToken cancel)
    {
        IEnumerable<Guid> persons = dispute.PersonId is { } person ? [person] : (await PartyMembers.Of(db, [dispute.PartyId],
            cancel))[dispute.PartyId];
        var subject = closed ? dispute.Id : dispute.AnswerId!.Value;
        await messages.TellAll(closed ? Closed : Answered, dispute.CommunityId, [.. persons.Select(p => new Recipient(p, subject,
            dispute.HouseId))], null, cancel);
    }
}
