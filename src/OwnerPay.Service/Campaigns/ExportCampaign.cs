using Microsoft.AspNetCore.Http.HttpResults;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Staff;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Campaigns;

/// <summary>The result of a campaign, person by person, as an Excel file.</summary>
public static class ExportCampaign
{
    static readonly SheetColumn<CampaignResultRow>[] Columns =
    [
        Text<CampaignResultRow>("房号", r => r.HouseCode), Text<CampaignResultRow>("姓名", r => r.Name, 10), Text<CampaignResultRow>("结果",
            r => Name(r.State)),
        Text<CampaignResultRow>("原因", r => r.Reason), Instant<CampaignResultRow>("时间", r => r.At),
    ];

    public static void Map(Doors doors) =>
        doors.MapSheet("campaigns/{campaignId:guid}/results", "exportCampaignResults", Get, StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager)
            .CanFail(ShowCampaigns.NotFound);

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Get(
        Guid campaignId, StaffMember by, ShowCampaigns show, ExportSheet export, CancellationToken cancel)
    {
        if (!await show.Exists(by.CommunityId, campaignId, cancel)) return ShowCampaigns.NotFound.ToProblem();
        return await export.Run(by, "campaign-results", "群通知结果", Columns,
            SheetFile.AllPages(cursor => show.Results(by.CommunityId, campaignId, cursor, cancel)), cancel);
    }

    static string Name(CampaignResult result) => result switch
    {
        CampaignResult.Sent => "已发送",
        CampaignResult.Unknown => "结果不明",
        CampaignResult.Waiting => "待发送",
        CampaignResult.Failed => "发送失败",
        CampaignResult.NoPermission => "未授权",
        CampaignResult.Cancelled => "已取消",
        CampaignResult.InboxOnly => "仅站内信",
        CampaignResult.Skipped => "不再需要",
        CampaignResult.HeldOut => "对照组",
        _ => throw new InvalidOperationException($"No name for {result}"),
    };
}
