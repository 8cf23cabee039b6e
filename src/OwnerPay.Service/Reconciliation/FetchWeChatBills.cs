using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Fetches the trade bill of one day, checks it whole and stores it. A day without business is stored as an empty one.</summary>
/// <remarks>
/// What WeChat makes is fetched once for a merchant number and day, however many communities share the number. A file is stored only when its hash
/// agrees, it can be read to the end and its lines add up to its summary line: a cut file must not pass for a day with little business.
/// Errors: <c>bill_not_ready</c>, <c>bill_unusable</c>, <c>merchant_refused_by_wechat</c> 409; <c>wechat_silent</c> 503.
/// </remarks>
public sealed class FetchWeChatBills(OwnerPayDb db, PayClient pay, MerchantKeys merchants, Clock clock)
{
    public const string Trade = "trade";

    public static readonly Error NotReady = new(409, "bill_not_ready", "微信账单尚未生成") { Detail = "微信在次日 10 点后提供账单，系统会自动重试" };
    public static readonly Error Unusable = new(409, "bill_unusable", "微信账单文件不完整或校验不符") { Detail = "未做任何对账，系统会重新下载" };
    public static readonly Error Refused = new(409, "merchant_refused_by_wechat", "微信支付拒绝了该商户的请求") { Detail = "请检查商户号、证书和接口权限" };
    public static readonly Error Silent = new(503, "wechat_silent", "暂时联系不上微信支付") { Detail = "系统会自动重试" };

    public async Task<Result<WeChatBillFile>> Run(MerchantAccount account, DateOnly day, CancellationToken cancel)
    {
        if (await Stored(account.MchId, day, cancel) is { } stored) return stored;
        var merchant = (await merchants.Get(account.Id, cancel)).Credentials;
        var content = new MemoryStream();
        // The address of a file lives for minutes, and a mix-up is mended by a new application: one of those is made at once.
        for (var again = true; ; again = false)
        {
            var ticket = await pay.ApplyTradeBillAsync(merchant, day, TradeBillKind.All, cancel);
            if (!ticket.IsSuccess) return Why(ticket.Failure);
            if (ticket.Value.IsEmpty) return await Store(account, day, "", [], cancel);
            content.SetLength(0);
            PayResult<BillFile> got;
            await using (var packed = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
                got = await pay.DownloadBillAsync(merchant, ticket.Value, packed, cancel);
            if (got.IsSuccess && await Fault(content, cancel) is { } fault)
                return Unusable with { Detail = $"第 {fault.Line} 行：{fault.Kind} {fault.Column} {fault.Detail}".TrimEnd() };
            if (got.IsSuccess) return await Store(account, day, got.Value.Sha1, content.ToArray(), cancel);
            if (!again || got.Failure.Remedy != Remedy.Retry) return Why(got.Failure);
        }
    }

    Task<WeChatBillFile?> Stored(string mchId, DateOnly day, CancellationToken cancel)
    {
        var accounts = db.MerchantAccounts;
        return db.WeChatBillFiles.AsNoTracking()
            .Where(f => f.Day == day && f.Kind == Trade && accounts.Any(m => m.Id == f.MerchantAccountId && m.MchId == mchId))
            .OrderBy(f => f.FetchedAt).FirstOrDefaultAsync(cancel);
    }

    async Task<WeChatBillFile> Store(MerchantAccount account, DateOnly day, string sha1, byte[] content, CancellationToken cancel)
    {
        var file = new WeChatBillFile
        {
            Id = Guid.CreateVersion7(), CommunityId = account.CommunityId, MerchantAccountId = account.Id, Day = day, Kind = Trade, Sha1 = sha1,
            Empty = content.Length == 0, Content = content, FetchedAt = clock.Now(),
        };
        db.Add(file);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "WeChatBillFiles", "MerchantAccountId", "Day", "Kind"))
        {
            db.ChangeTracker.Clear();    // another instance was quicker; WeChat gave both the same file
            return (await Stored(account.MchId, day, cancel))!;
        }
        db.ChangeTracker.Clear();
        return file;
    }

    static async Task<BillFault?> Fault(MemoryStream content, CancellationToken cancel)
    {
        content.Position = 0;
        await using var plain = new GZipStream(content, CompressionMode.Decompress, leaveOpen: true);
        var reader = BillReader.Trade(plain);
        await foreach (var row in reader.RowsAsync(cancel)) _ = row;    // rows come before the check at the end
        return reader.Fault;
    }

    /// <summary>Opens a stored file for reading.</summary>
    public static Stream Open(WeChatBillFile file) => new GZipStream(new MemoryStream(file.Content, writable: false), CompressionMode.Decompress);

    static Error Why(PayFailure failure) => failure.Code switch
    {
        PayCodes.StatementCreating => NotReady,
        PayCodes.BadFile => Unusable with { Detail = failure.Message },
        _ => (failure.Remedy is Remedy.Retry or Remedy.RetryLater ? Silent : Refused) is var error && failure.Code.Length > 0
            ? error with { Detail = $"{error.Detail}（{failure.Code}）" } : error,
    };
}
