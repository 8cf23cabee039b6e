using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Demo;
using OwnerPay.Service.Disclosure.Events;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Disclosure;

namespace OwnerPay.Service.Tests.Ledger;

/// <summary>A notice with an attachment, an event with somebody who comes, and a survey, so that every column of the board has a row to be tampered
/// with.</summary>
static class TamperBoard
{
    public static async Task Play(Stage stage, Story story)
    {
        var (clerk, at, today) = (story.Desk.As(StaffRole.Clerk), story.Desk.Community, stage.Time.GetUtcNow());
        var notice = (await clerk.Post(at + "/notices", new { category = "general", title = "水箱清洗", body = "周六停水。" })).Id("noticeId");
        using (var form = new MultipartFormDataContent { { new ByteArrayContent(BoardSteps.Pdf()), "file", "说明.pdf" } })
            Assert.Null((await clerk.Try(HttpMethod.Post, $"{at}/notices/{notice}/files", form)).Code);
        await clerk.Post($"{at}/notices/{notice}/publish", new { tell = false });
        var talk = (await clerk.Post(at + "/events", new
        {
            title = "业主恳谈会", body = "欢迎参加。", place = "活动中心", startsAt = today.AddDays(9), endsAt = today.AddDays(10), places = 20,
        })).Id("eventId");
        await clerk.Post($"{at}/events/{talk}/publish");
        await SignUp(stage, talk);
        var survey = (await clerk.Post(at + "/surveys", new
        {
            title = "满意度", intro = "", to = $"{today.AddDays(20):yyyy-MM-dd}", questions = new[] { new { kind = "scale", text = "打几分？" } },
        })).Id("surveyId");
        await clerk.Post($"{at}/surveys/{survey}/publish");
    }

    static async Task SignUp(Stage stage, Guid talk)
    {
        await using var scope = stage.Service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var tenures = db.Tenures;
        var comes = await tenures.AsNoTracking().Where(t => t.Kind == TenureKind.Owner && t.To == null).OrderBy(t => t.Id).FirstAsync();
        var member = new Member(Guid.CreateVersion7(), "o", "wx", comes.CommunityId, comes.PersonId, comes.HouseId, comes.Kind, []);
        var key = new IdempotencyKey("owner", member.Actor, "signUpForEvent", talk.ToString("N"));
        Assert.True((await scope.ServiceProvider.GetRequiredService<SignUp>().Run(talk, 2, key, member, default)).Done);
    }
}
