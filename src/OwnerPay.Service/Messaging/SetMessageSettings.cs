using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>How a community sends; every field is said each time.</summary>
/// <param name="Opens">First time of day for messages, <c>HH:mm</c>, from 09:00 on.</param>
/// <param name="Closes">From when on it is quiet, at the latest 21:00.</param>
/// <param name="RemindersPerWeek">Reminders to one person in seven days, over all channels: 1 to 3.</param>
/// <param name="ReminderDaysApart">Days from one reminder to the next: 1 to 7.</param>
/// <param name="SmsFen">Price of one text message, fen, 0 to 100.</param>
/// <param name="LetterFen">Price of one letter with proof of arrival, fen, 0 to 100,000.</param>
public sealed record MessageSettingsBody(TimeOnly Opens, TimeOnly Closes, int RemindersPerWeek, int ReminderDaysApart, long SmsFen, long LetterFen);

/// <summary>A manager sets when and how often a community sends. Hours and limits can only be stricter than the usual ones.</summary>
/// <remarks>Errors: <c>message_settings_too_loose</c>, <c>message_settings_invalid</c> 400.</remarks>
public sealed class SetMessageSettings(OwnerPayDb db, Audit audit)
{
    static readonly Error TooLoose = new(400, "message_settings_too_loose", "只能比默认更严，不能放宽")
    {
        Detail = "消息时段须在 9:00–21:00 之内；每人每天至多 1 次、每周至多 3 次提醒",
    };
    static readonly Error Invalid = new(400, "message_settings_invalid", "消息设置有误");

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/messaging/settings", Get).WithName("showMessageSettings")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager, StaffRole.Admin);
        doors.Staff.MapPut("/communities/{communityId:guid}/messaging/settings", Put).WithName("setMessageSettings").ForStaff(StaffRole.Manager)
            .CanFail(TooLoose, Invalid);
    }

    static async Task<Ok<MessageSettingsBody>> Get(StaffMember staff, OwnerPayDb db, CancellationToken cancel) =>
        TypedResults.Ok(Body(await db.MessageSettings.AsNoTracking().SingleOrDefaultAsync(s => s.Id == staff.CommunityId, cancel) ?? new()));

    static async Task<Results<Ok<MessageSettingsBody>, ProblemHttpResult>> Put(
        StaffMember staff, MessageSettingsBody request, SetMessageSettings set, CancellationToken cancel) =>
        (await set.Run(request, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<MessageSettingsBody>> Run(MessageSettingsBody request, StaffMember staff, CancellationToken cancel)
    {
        if (request.Opens < MessageWindow.Opens) return TooLoose.At("opens");
        if (request.Closes > MessageWindow.Closes) return TooLoose.At("closes");
        if (!new ReminderLimits(request.RemindersPerWeek, request.ReminderDaysApart).IsValid) return TooLoose.At("remindersPerWeek");
        if (request.Closes <= request.Opens) return Invalid.At("closes", "结束时间应晚于开始时间");
        if (request.SmsFen is < 0 or > 100) return Invalid.At("smsFen", "每条短信 0 至 100 分");
        if (request.LetterFen is < 0 or > 100_000) return Invalid.At("letterFen", "每封信函 0 至 1000 元");
        var settings = await db.MessageSettings.SingleOrDefaultAsync(s => s.Id == staff.CommunityId, cancel);
        if (settings is null) db.Add(settings = new MessageSettings { Id = staff.CommunityId });
        var before = Body(settings);
        (settings.OpensMinute, settings.ClosesMinute) = (Minute(request.Opens), Minute(request.Closes));
        (settings.RemindersPerWeek, settings.ReminderDaysApart) = (request.RemindersPerWeek, request.ReminderDaysApart);
        (settings.SmsFen, settings.LetterFen) = (request.SmsFen, request.LetterFen);
        audit.Add(staff, "message-settings.changed", staff.CommunityId, new { before, after = request });
        await db.SaveChangesAsync(cancel);
        return Body(settings);
    }

    static int Minute(TimeOnly time) => time.Hour * 60 + time.Minute;

    static MessageSettingsBody Body(MessageSettings s) => new(s.Opens, s.Closes, s.RemindersPerWeek, s.ReminderDaysApart, s.SmsFen, s.LetterFen);
}
