using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Invoices;

/// <summary>Finds invoices over more money than is still there: a request is cancelled, an issued invoice must be reversed. Found from the data, so that
/// no refund of any channel has to think of it.</summary>
public sealed class WatchInvoices(OwnerPayDb db, InvoiceableLines invoiceable, WorkItems work, Audit audit) : IJob
{
    const int Batch = 200;

    public async Task<string> Run(CancellationToken cancel)
    {
        var (requests, refunds, after, seen, changed) = (db.InvoiceRequests, db.Refunds, Guid.Empty, 0, 0);
        while (true)
        {
            var touched = await requests.AsNoTracking()
                .Where(r => (r.State == InvoiceState.Requested || r.State == InvoiceState.Issued) && r.Id.CompareTo(after) > 0 && refunds.Any(f => f.PaymentId == r.PaymentId))
                .OrderBy(r => r.Id).Select(r => new { r.Id, r.PaymentId, r.GrossFen }).Take(Batch).ToListAsync(cancel);
            foreach (var request in touched)
                if ((await invoiceable.Of(request.PaymentId, cancel)).Sum(line => line.Fen) < request.GrossFen && await Change(request.Id, cancel)) changed++;
            seen += touched.Count;
            if (touched.Count < Batch) return $"{changed} of {seen} changed";
            after = touched[^1].Id;
        }
    }

    /// <returns>False when somebody else was there first.</returns>
    async Task<bool> Change(Guid id, CancellationToken cancel)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancel);
        var requests = db.InvoiceRequests;
        var request = await requests.Where(r => r.Id == id).ForUpdate().SingleAsync(cancel);
        var left = (await invoiceable.Of(request.PaymentId, cancel)).Sum(line => line.Fen);
        if (request.State is not (InvoiceState.Requested or InvoiceState.Issued) || left >= request.GrossFen) return false;
        if (request.State == InvoiceState.Requested) (request.State, request.LivePaymentId) = (InvoiceState.Cancelled, null);
        else
        {
            request.State = InvoiceState.RedNeeded;
            await work.Open(request.CommunityId, "invoice.red-needed", request.Id, StaffRole.Finance, "发票需要红冲",
                $"发票 {request.Number} 对应的款项已退回，请在税务系统开具红字发票后导入结果", cancel);
        }
        audit.Add(request.CommunityId, Audit.System, "invoice." + (request.State == InvoiceState.Cancelled ? "cancelled" : "red-needed"), id, new { left, request.GrossFen });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }
}

/// <summary>Lines of invoices sum to their invoice, and no invoice stands over a payment of another community.</summary>
public sealed class CheckInvoices : IVerifyCheck
{
    public string Name => "invoices";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (requests, lines, payments) = (scope.Db.InvoiceRequests, scope.Db.InvoiceLines, scope.Db.Payments);
        var wrong = requests.AsNoTracking().Where(r => scope.CommunityId == null || r.CommunityId == scope.CommunityId).Select(r => new
        {
            r.Id, r.GrossFen, r.NetFen,
            Gross = lines.Where(l => l.RequestId == r.Id).Sum(l => l.GrossFen), Net = lines.Where(l => l.RequestId == r.Id).Sum(l => l.NetFen),
            Paid = payments.Any(p => p.Id == r.PaymentId && p.CommunityId == r.CommunityId),
        }).Where(r => r.Gross != r.GrossFen || r.Net != r.NetFen || !r.Paid);
        await foreach (var request in wrong.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new(Name, $"InvoiceRequests/{request.Id:N}", "发票申请与其明细合计或缴费记录不符");
    }
}
