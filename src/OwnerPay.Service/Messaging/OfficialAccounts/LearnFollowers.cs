using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.OfficialAccount;

namespace OwnerPay.Service.Messaging.OfficialAccounts;

/// <summary>Asks WeChat who the new followers are: the unionid that joins them with users of the mini-program. Once a follower is known, he is never
/// asked for again.</summary>
public sealed class LearnFollowers(OwnerPayDb db, MasterKey master, OfficialAccountClient wechat) : IJob
{
    /// <summary>As many as WeChat tells of in one call.</summary>
    const int Batch = 100;

    public async Task<string> Run(CancellationToken cancel)
    {
        var (learnt, followers) = (0, db.Followers);
        foreach (var account in await db.OfficialAccounts.AsNoTracking().ToListAsync(cancel))
        {
            var asked = await followers.AsNoTracking().Where(f => f.OfficialAccountId == account.Id && f.AskedAt == null).OrderBy(f => f.Id)
                .Take(Batch)
                .ToListAsync(cancel);
            if (asked.Count == 0) continue;
            var told = await wechat.GetFollowersAsync(SetOfficialAccount.Credentials(master, account), asked.ConvertAll(f => f.OpenId), cancel);
            if (!told.IsSuccess) continue;    // busy or unreachable: at the next waking
            var now = TimeProvider.System.GetUtcNow();
            foreach (var follower in told.Value.UserInfoList!)
            {
                var (openid, unionid, follows) = (follower.Openid, follower.Unionid, follower.Subscribe != 0);
                var mine = followers.Where(f => f.OfficialAccountId == account.Id && f.OpenId == openid);
                if (!follows) await mine.ExecuteDeleteAsync(cancel);
                else learnt += await mine.ExecuteUpdateAsync(set => set.SetProperty(f => f.UnionId, unionid).SetProperty(f => f.AskedAt, now),
                    cancel);
            }
        }
        return $"learnt {learnt}";
    }
}
