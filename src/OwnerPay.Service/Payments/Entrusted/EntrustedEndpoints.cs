using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Payments.Entrusted;

/// <summary>Fees that the bank collects from owners' accounts (银行代扣/委托收款): mandates, batches for two people, files out and results in.</summary>
public static class EntrustedEndpoints
{
    public static IServiceCollection AddEntrusted(this IServiceCollection services)
    {
        services.AddSingleton(new PaymentChannel(Payment.Collection, "银行代扣", "1221/collection"));
        services.AddScoped<KeepMandates>().AddScoped<ProposeBatch>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposeBatch>())
            .AddScoped<BringResults>();
        services.AddScoped<IVerifyCheck, CheckCollections>();
        return services;
    }

    public static Doors MapEntrusted(this Doors doors)
    {
        KeepMandates.Map(doors);
        ProposeBatch.Map(doors);
        BringResults.Map(doors);
        return doors;
    }
}

/// <summary>Batches against their items, items against their payments.</summary>
public sealed class CheckCollections : IVerifyCheck
{
    public string Name => "collections";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (batches, items, payments) = (db.CollectionBatches, db.CollectionItems, db.Payments);
        foreach (var batch in await batches.Where(b => community == null || b.CommunityId == community).Select(b => new
        {
            b.Id, b.Items, b.TotalFen, Count = items.Count(i => i.BatchId == b.Id), Fen = items.Where(i => i.BatchId == b.Id)
                .Sum(i => (long?)i.AmountFen) ?? 0,
        }).Where(b => b.Items != b.Count || b.TotalFen != b.Fen).ToListAsync(cancel))
            yield return new(Name, $"CollectionBatches/{batch.Id:N}", $"代扣批次 {batch.Items} 户 {batch.TotalFen} 分，明细 {batch.Count} 户 {batch.Fen} 分");
        foreach (var item in await items.Where(i => community == null || i.CommunityId == community).Select(i => new
        {
            Item = i, Payment = payments.Where(p => p.Id == i.PaymentId && p.Channel == Payment.Collection)
                .Select(p => new { p.TransactionId, p.TotalFen }).FirstOrDefault(),
        }).AsNoTracking().ToListAsync(cancel))
            if (item.Item.State == ItemState.Collected
                    ? item.Payment is not { } payment || payment.TotalFen != item.Item.AmountFen
                        || payment.TransactionId != item.Item.Id.ToString("N")
                    : item.Item.PaymentId is not null)
                yield return new(Name, $"CollectionItems/{item.Item.Id:N}", $"代扣 {item.Item.AmountFen} 分，状态 {item.Item.State}，付款不符");
        foreach (var stray in await payments.Where(p => (community == null || p.CommunityId == community) && p.Channel == Payment.Collection
            && !items.Any(i => i.PaymentId == p.Id)).Select(p => p.Id).ToListAsync(cancel)) yield return new(Name, $"Payments/{stray:N}",
                "代扣付款没有对应的批次明细");
    }
}
