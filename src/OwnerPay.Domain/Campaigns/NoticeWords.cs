using System.Text.RegularExpressions;

namespace OwnerPay.Domain.Campaigns;

/// <summary>What a text written by staff must not ask for or promise.</summary>
public enum NoticeFault
{
    /// <summary>Water, power, gas or heat cut because of unpaid fees: Civil Code art. 944.</summary>
    CutSupply,
    /// <summary>Owners, cars or visitors kept out because of unpaid fees: Civil Code art. 271, Regulation on Property Management.</summary>
    KeepOut,
    /// <summary>Debtors shown to others by name or house number: Personal Information Protection Law art. 25, Civil Code art. 1024.</summary>
    ShowDebtors,
    /// <summary>A list of debtors for others: Personal Information Protection Law.</summary>
    Blacklist,
    /// <summary>Hand-over, keys or fitting-out made to depend on payment: Regulation on Property Management.</summary>
    HoldBack,
    /// <summary>Advertising, which WeChat's service messages may not carry.</summary>
    Promotion,
}

/// <summary>Looks through a notice before it is sent to many. It knows the usual phrases; a person still reads what is approved.</summary>
/// <remarks>Sources: domain rules on what the software refuses; WeChat's rules for subscription messages. A notice of works (管网检修，今晚停水) is
/// fine: only together with unpaid fees it becomes a threat. Example: 逾期未缴将停水停电 is <see cref="NoticeFault.CutSupply"/> with 停水.</remarks>
public static partial class NoticeWords
{
    /// <param name="aboutMoney">The notice as a whole speaks of bills: then a threat needs no word of debt of its own.</param>
    /// <returns>The first fault and the words that show it; null for a text without.</returns>
    public static (NoticeFault Fault, string Words)? Fault(string text, bool aboutMoney)
    {
        var bare = Space().Replace(text, "");
        if (aboutMoney || Debt().IsMatch(bare))
            foreach (var (fault, words) in (ReadOnlySpan<(NoticeFault, Regex)>)
                [(NoticeFault.CutSupply, Cut()), (NoticeFault.KeepOut, Out()), (NoticeFault.ShowDebtors, Show()), (NoticeFault.HoldBack, Back())])
                if (words.Match(bare) is { Success: true } found) return (fault, found.Value);
        if (Black().Match(bare) is { Success: true } black) return (NoticeFault.Blacklist, black.Value);
        return Promoting().Match(bare) is { Success: true } promotion ? (NoticeFault.Promotion, promotion.Value) : null;
    }

    [GeneratedRegex(@"[\s\p{P}]+")]
    private static partial Regex Space();

    [GeneratedRegex("欠费|欠缴|欠交|拖欠|未缴|未交|不缴|不交|拒缴|拒交|逾期|催缴|催交|补缴|补交")]
    private static partial Regex Debt();

    [GeneratedRegex("[停断限](止?供?)[水电气暖热]|限制用[水电气]")]
    private static partial Regex Cut();

    [GeneratedRegex("(禁止|限制|不准|不得|不予|拒绝|取消|停用|关闭|冻结).{0,6}(进入|入内|通行|出入|放行|门禁|门卡|进小区|车辆进|停车权)")]
    private static partial Regex Out();

    [GeneratedRegex("(公示|公布|公开|曝光|张贴|通报).{0,8}(名单|姓名|房号|门牌|欠费户|欠费业主|欠费人)")]
    private static partial Regex Show();

    [GeneratedRegex("(不予|暂停|拒绝|停止|不得).{0,6}(办理|交房|交付|发放钥匙|装修|入住|过户)")]
    private static partial Regex Back();

    [GeneratedRegex("黑名单|失信业主|老赖")]
    private static partial Regex Black();

    [GeneratedRegex("优惠|折扣|打折|[一二三四五六七八九\\d]折|促销|特价|满减|立减|红包|抽奖|中奖|秒杀|团购|免费领|代金券|限时抢|大酬宾|返现")]
    private static partial Regex Promoting();
}
