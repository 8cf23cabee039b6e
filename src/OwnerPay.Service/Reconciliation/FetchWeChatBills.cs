using System.Data;
using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Fetches a bill of one day, checks it whole and stores it. A day without business is stored as an empty one.</summary>
/// <remarks>
/// What WeChat makes is fetched once for a merchant number and day, however many communities share the number. A file is stored only when its hash
/// agrees, it can be read to the end and its lines add up to its summary line: a cut file must not pass for a day with little business.
/// Errors: <c>bill_not_ready</c>, <c>bill_unusable</c>, <c>merchant_refused_by_wechat</c> 409; <c>wechat_silent</c> 503.
/// </remarks>
public sealed class FetchWeChatBills(OwnerPayDb db, PayClient pay, MerchantKeys merchants, Clock clock)
{
    /// <summary>Kinds of bills: payments and refunds (交易账单), movements of the balance (资金账单).</summary>
    public const string Trade = "trade", FundFlow = "fund-flow";

    const int MostWaits = 10;

    public static readonly Error NotReady = new(409, "bill_not_ready", "微信账单尚未生成") { Detail = "微信在次日 10 点后提供账单，系统会自动重试" };
    public static readonly Error Unusable = new(409, "bill_unusable", "微信账单文件不完整或校验不符") { Detail = "未做任何对账，系统会重新下载" };
    public static readonly Error Refused = new(409, "merchant_refused_by_wechat", "微信支付拒绝了该商户的请求") { Detail = "请检查商户号、证书和接口权限" };
    public static readonly Error Silent = new(503, "wechat_silent", "暂时联系不上微信支付") { Detail = "系统会自动重试" };

    /// <param name="kind"><see cref="Trade"/> or <see cref="FundFlow"/>.</param>
    public async Task<Result<WeChatBillFile>> Run(MerchantAccount account, DateOnly day, string kind, CancellationToken cancel)
    {
        if (await Stored(account.MchId, day, kind, cancel) is { } stored) return stored;
        var merchant = (await merchants.Get(account.Id, cancel)).Credentials;
        // The address of a file lives for minutes, and a mix-up is mended by a new application: one of those is made at once.
        var limited = 0;
        for (var again = true; ; again = false)
        {
            var ticket = kind == Trade
                ? await pay.ApplyTradeBillAsync(merchant, day, TradeBillKind.All, cancel)
                : await pay.ApplyFundFlowBillAsync(merchant, day, FundFlowAccount.Basic, cancel);
            if (!ticket.IsSuccess && ticket.Failure.Code == PayCodes.FrequencyLimited && ++limited <= MostWaits)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(350), cancel);    // three fund-flow bills a second are given out; missed days are caught up in a row
                if (await Stored(account.MchId, day, kind, cancel) is { } meanwhile) return meanwhile;
                continue;
            }
            if (!ticket.IsSuccess) return Why(ticket.Failure);
            if (ticket.Value.IsEmpty) return await Store(account, day, kind, "", Stream.Null, cancel);
            // A file, not memory: a busy merchant's bill has hundreds of megabytes.
            await using var content = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite,
                FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
            PayResult<BillFile> got;
            await using (var packed = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
                got = await pay.DownloadBillAsync(merchant, ticket.Value, packed, cancel);
            if (got.IsSuccess && await Fault(content, kind, cancel) is { } fault)
                return Unusable with { Detail = $"第 {fault.Line} 行：{fault.Kind} {fault.Column} {fault.Detail}".TrimEnd() };
            if (got.IsSuccess) return await Store(account, day, kind, got.Value.Sha1, content, cancel);
            if (!again || got.Failure.Remedy != Remedy.Retry) return Why(got.Failure);
        }
    }

    Task<WeChatBillFile?> Stored(string mchId, DateOnly day, string kind, CancellationToken cancel)
    {
        var accounts = db.MerchantAccounts;
        return db.WeChatBillFiles.AsNoTracking()
            .Where(f => f.Day == day && f.Kind == kind && accounts.Any(m => m.Id == f.MerchantAccountId && m.MchId == mchId))
            .OrderBy(f => f.FetchedAt).FirstOrDefaultAsync(cancel);
    }

    async Task<WeChatBillFile> Store(MerchantAccount account, DateOnly day, string kind, string sha1, Stream content, CancellationToken cancel)
    {
        var file = new WeChatBillFile
        {
            Id = Guid.CreateVersion7(), CommunityId = account.CommunityId, MerchantAccountId = account.Id, Day = day, Kind = kind, Sha1 = sha1,
            Empty = sha1.Length == 0, FetchedAt = clock.Now(),
        };
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        db.Add(file);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "WeChatBillFiles", "MerchantAccountId", "Day", "Kind"))
        {
            await transaction.RollbackAsync(cancel);
            db.ChangeTracker.Clear();    // another instance was quicker; WeChat gave both the same file
            return (await Stored(account.MchId, day, kind, cancel))!;
        }
        await AddParts(db, file, content, cancel);
        await transaction.CommitAsync(cancel);
        db.ChangeTracker.Clear();
        return file;
    }

    /// <summary>Writes the packed content of a file that was added before.</summary>
    public static async Task AddParts(OwnerPayDb db, WeChatBillFile file, Stream content, CancellationToken cancel)
    {
        if (content.CanSeek) content.Position = 0;
        var buffer = new byte[WeChatBillPart.Size];
        for (var number = 0; await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel) is > 0 and var length; number++)
        {
            db.Add(new WeChatBillPart { FileId = file.Id, Number = number, CommunityId = file.CommunityId, Content = buffer[..length] });
            if (number % WeChatBillPart.AtOnce == WeChatBillPart.AtOnce - 1) await Save();
        }
        await Save();

        async Task Save()
        {
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
        }
    }

    static async Task<BillFault?> Fault(Stream content, string kind, CancellationToken cancel)
    {
        content.Position = 0;
        await using var plain = new GZipStream(content, CompressionMode.Decompress, leaveOpen: true);
        return kind == Trade ? await Fault(BillReader.Trade(plain), cancel) : await Fault(BillReader.FundFlow(plain), cancel);
    }

    static async Task<BillFault?> Fault<TLine, TRow>(BillReader<TLine, TRow> reader, CancellationToken cancel)
        where TLine : BillLine<TRow> where TRow : class
    {
        while (await reader.ReadAsync(cancel)) { /* rows come before the check at the end */ }
        return reader.Fault;
    }

    /// <summary>Opens a stored file for reading, unpacked; it reads from the database as it goes.</summary>
    public static Stream Open(OwnerPayDb db, WeChatBillFile file) => new GZipStream(new WeChatBillContent(db, file.Id), CompressionMode.Decompress);

    static Error Why(PayFailure failure) => failure.Code switch
    {
        PayCodes.StatementCreating => NotReady,
        PayCodes.BadFile => Unusable with { Detail = failure.Message },
        _ => (failure.Remedy is Remedy.Retry or Remedy.RetryLater ? Silent : Refused) is var error && failure.Code.Length > 0
            ? error with { Detail = $"{error.Detail}（{failure.Code}）" } : error,
    };
}
