using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>Calls our own notify addresses, of payments and of refunds, the way WeChat would: by the public address. One wrong character there, or a gateway that
/// answers 200 to everything, and WeChat counts as delivered what never arrived.</summary>
/// <remarks>The doors take POST only, so a GET that reaches them is answered 405, and nothing else answers so. All accounts share the routes: one stands for
/// all.</remarks>
public sealed class CheckNotifyUrls(
    OwnerPayDb db, IHttpClientFactory clients, WorkItems work, ServiceSettings settings, IHostApplicationLifetime life) : IJob
{
    public const string Trouble = "merchant.notify-unreachable", ClientName = "notify-urls";

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public async Task<string> Run(CancellationToken cancel)
    {
        while (!life.ApplicationStarted.IsCancellationRequested) await Task.Delay(100, cancel);    // jobs begin before the doors are open
        var accounts = await db.MerchantAccounts.AsNoTracking().Where(m => !m.Paused).OrderBy(m => m.Id).Select(m => new { m.Id, m.CommunityId }).ToListAsync(cancel);
        if (accounts.Count == 0) return "no merchant";
        foreach (var url in (string[])[MerchantAccounts.NotifyUrl(settings, accounts[0].Id), MerchantAccounts.RefundNotifyUrl(settings, accounts[0].Id)])
            if (await Fault(url, cancel) is not null && await FaultAgain(url, cancel) is { } fault)
            {
                foreach (var account in accounts)
                    await work.Open(account.CommunityId, Trouble, account.Id, StaffRole.Admin, "微信支付通知地址无法访问",
                        $"{fault}。在修复之前，支付和退款结果只能靠主动查询得知，入账会变慢。请检查 OwnerPay:PublicUrl 与网关转发设置", cancel);
                throw new InvalidOperationException(fault);    // the job did not run well: an alarm of the health page, too
            }
        foreach (var open in await db.WorkItems.Where(i => i.Kind == Trouble && i.State == WorkItemState.Open).Select(i => i.SubjectId).ToListAsync(cancel))
            await work.Finish(Trouble, open, null, "通知地址已可访问", cancel);
        return $"{accounts.Count} accounts";
    }

    /// <summary>A gateway that reloads at this moment is no trouble.</summary>
    async Task<string?> FaultAgain(string url, CancellationToken cancel)
    {
        await Task.Delay(Pause * settings.JobPace, cancel);
        return await Fault(url, cancel);
    }

    async Task<string?> Fault(string url, CancellationToken cancel)
    {
        try
        {
            using var answer = await clients.CreateClient(ClientName).GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancel);
            return answer.StatusCode == HttpStatusCode.MethodNotAllowed ? null : $"{url} 应答 {(int)answer.StatusCode}，不是本系统的应答";
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return $"{url} 无法连接";
        }
    }
}
