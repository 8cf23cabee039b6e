using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>After a bill run: one campaign, and for each bill a message to every member of its liable party. The buyer of a house never hears of the
/// seller's bill.</summary>
/// <remarks>Streamed in pages by bill id, so that memory does not grow with the estate; run again after a crash it tells nobody twice.</remarks>
public sealed class TellOfBills(OwnerPayDb db, Messages messages, Clock clock) : IOutboxHandler
{
    public const string News = "bill-run.issued", Kind = "bill-run";
    const int PageSize = 200;

    public async Task Handle(OutboxRow row, CancellationToken cancel)
    {
        var campaign = await Begin(row, cancel);
        for (Guid? last = null; ;)
        {
            var query = db.Bills.AsNoTracking().Where(bill => bill.RunId == row.SubjectId && bill.State != BillState.Voided);
            if (last is { } from) query = query.Where(bill => bill.Id.CompareTo(from) > 0);
            var bills = await query.OrderBy(bill => bill.Id).Take(PageSize).Select(bill => new { bill.Id, bill.HouseId, bill.PartyId })
                .ToListAsync(cancel);
            if (bills.Count == 0) return;
            var members = await PartyMembers.Of(db, [.. bills.Select(bill => bill.PartyId).Distinct()], cancel);
            var recipients = bills.SelectMany(bill => members[bill.PartyId].Select(person => new Recipient(person, bill.Id, bill.HouseId))).ToList();
            await messages.TellAll(BillIssuedMessage.Name, row.CommunityId, recipients, campaign, cancel);
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
            last = bills[^1].Id;
        }
    }

    async Task<Guid> Begin(OutboxRow row, CancellationToken cancel)
    {
        var known = await db.Campaigns.Where(c => c.Kind == Kind && c.SubjectId == row.SubjectId).Select(c => (Guid?)c.Id)
            .SingleOrDefaultAsync(cancel);
        if (known is { } id) return id;
        var run = await db.BillRuns.AsNoTracking().SingleAsync(r => r.Id == row.SubjectId, cancel);
        var now = clock.Now();
        var campaign = new Campaign
        {
            Id = Guid.CreateVersion7(), CommunityId = row.CommunityId, Kind = Kind, SubjectId = row.SubjectId, CreatedAt = now,
            StartAt = now, State = CampaignState.Done, StartedAt = now, EndedAt = now,
            Title = $"账单通知（{run.PeriodFrom:yyyy-MM-dd} 至 {run.PeriodTo:yyyy-MM-dd}）",
        };
        db.Add(campaign);
        await db.SaveChangesAsync(cancel);
        return campaign.Id;
    }
}
