using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.OfficialAccount;

/// <summary>What WeChat tells of a follower.</summary>
/// <param name="Subscribe">0: does not follow any more, and nothing else is told.</param>
/// <param name="Unionid">The person over all apps of one Open Platform account; null where the account is bound to none.</param>
public sealed record FollowerInfo(string Openid, int Subscribe, string? Unionid = null);

/// <summary>Body of <c>POST /cgi-bin/user/info/batchget</c>.</summary>
public sealed record FollowersRequest(IReadOnlyList<FollowerRequest> UserList);

public sealed record FollowerRequest(string Openid, string Lang = "zh_CN");

public sealed record FollowersAnswer : MiniProgramAnswer
{
    public IReadOnlyList<FollowerInfo>? UserInfoList { get; init; }
}
