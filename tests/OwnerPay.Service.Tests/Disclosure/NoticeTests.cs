using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Disclosure;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Documents;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;
using SkiaSharp;
using static OwnerPay.Service.Tests.Disclosure.BoardSteps;

namespace OwnerPay.Service.Tests.Disclosure;

/// <summary>The notice board: what hangs there, for whom, and what must never hang there.</summary>
public sealed class NoticeTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Owners_see_what_concerns_their_house_today_the_pinned_first_and_staff_see_who_has_read_it(Database database)
    {
        await using var estate = await servers.Estate(database);
        var (owner, neighbour) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        await estate.Publish(Notice("停水通知", "周六停水。"));
        var pinned = await estate.Publish(Notice("电梯年检", "请走楼梯。", "works", "building", buildingCode: "1", pinned: true));
        await estate.Publish(Notice("您家的水表", "明天上门换表。", "works", "house", houseCode: estate.Houses[0].Code));
        await estate.Publish(Notice("明年的事", "尚早。", validFrom: "2027-01-01"));
        var withdrawn = await estate.Publish(Notice("写错了", "撤下。"));
        (await estate.Clerk.Post($"{estate.Path}/notices/{withdrawn}/withdraw", new { reason = "日期有误" })).Done();
        (await estate.Clerk.Post(estate.Path + "/notices", Notice("还是草稿", "未发布。"))).Done();

        Assert.Equal(["电梯年检", "您家的水表", "停水通知"], await owner.Titles());
        Assert.Equal(["电梯年检", "停水通知"], await neighbour.Titles());
        Assert.Equal(3, (await owner.Api.Get(owner.Path + "/notices")).Done()["unread"].GetValue<int>());

        for (var time = 0; time < 2; time++) (await owner.Api.Post($"{owner.Path}/notices/{pinned}/read")).Done();    // a second tap counts nothing
        Assert.Equal(2, (await owner.Api.Get(owner.Path + "/notices")).Done()["unread"].GetValue<int>());
        Assert.Equal("notice_not_found", (await owner.Api.Get($"{owner.Path}/notices/{withdrawn}")).Code);
        var reach = (await estate.StaffNotice(pinned))["reach"]!;
        Assert.Equal((2, 2, 1), (reach["persons"]!.GetValue<int>(), reach["bound"]!.GetValue<int>(), reach["read"]!.GetValue<int>()));
        var readers = (await estate.Clerk.Get($"{estate.Path}/notices/{pinned}/readers")).Done()["items"].AsArray();
        Assert.Equal([(estate.Houses[0].Code, true), (estate.Houses[1].Code, false)],
            readers.Select(r => (r!["houseCode"]!.GetValue<string>(), r["readAt"] is not null)).Order());
        Assert.DoesNotContain(readers, r => r!["name"]!.GetValue<string>() == estate.Houses[0].OwnerName);
        Assert.Equal(200, (await estate.Fetch(estate.Clerk, estate.StaffApi($"/notices/{pinned}/readers/export.xlsx"))).Status);
        Assert.Equal("notice_window_reversed", (await estate.Clerk.Post(estate.Path + "/notices", Notice("迟了", "过期。", validTo: "2026-12-09"))).Code);
        Assert.Equal("audience_incomplete", (await estate.Clerk.Post(estate.Path + "/notices", Notice("给谁看", "？", audience: "building"))).Code);
        Assert.Equal("audience_house_unknown", (await estate.Clerk.Post(estate.Path + "/notices",
            Notice("给谁看", "？", audience: "house", houseCode: "9-9-9"))).Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Who_sold_his_house_reads_none_of_the_buyers_notices_and_the_other_estate_none_at_all(Database database)
    {
        await using var estate = await servers.Estate(database);
        await using var elsewhere = await servers.Estate(database, houses: 1);
        var (seller, stranger) = (await estate.SignIn(estate.Houses[0]), await elsewhere.SignIn(elsewhere.Houses[0]));
        var id = await estate.Publish(Notice("业主通知", "本周六大扫除。"));
        Assert.Equal(200, (await seller.Api.Get($"{seller.Path}/notices/{id}")).Status);

        await estate.Sell(estate.Houses[0], new DateOnly(2026, 12, 9));

        Assert.Empty(await seller.Titles());
        Assert.Equal("notice_not_found", (await seller.Api.Get($"{seller.Path}/notices/{id}")).Code);
        Assert.Equal("notice_not_found", (await seller.Api.Post($"{seller.Path}/notices/{id}/read")).Code);
        Assert.Equal("notice_not_found", (await stranger.Api.Get($"{stranger.Path}/notices/{id}")).Code);
        Assert.Equal("notice_not_found", (await elsewhere.Clerk.Get($"{elsewhere.Path}/notices/{id}")).Code);
        Assert.Equal("notice_not_found", (await elsewhere.Clerk.Post($"{elsewhere.Path}/notices/{id}/withdraw", new { reason = "别家的" })).Code);
        Assert.Equal(404, (await estate.Fetch(elsewhere.Clerk, $"/print{elsewhere.Path}/notices/{id}/poster")).Status);
    }

    [Theory, EachDatabase]
    public async Task A_debtors_name_or_house_never_gets_onto_the_board_and_the_lawful_ratios_do(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 12);
        await estate.Owe();
        await estate.Change(async db => (await db.Persons.SingleAsync(p => p.Id == estate.Houses[0].PersonId)).Name = "欧阳建国");
        async Task<Answer> Draft(string title, string body, object? progress = null) =>
            await estate.Clerk.Post(estate.Path + "/notices", Notice(title, body, "payment", progress: progress));

        foreach (var (title, body) in new[]
        {
            ("催缴名单", "以下业主尚未缴费：**欧阳**建国"), ("欧阳建国欠费", "请速缴。"), ("物业费逾期", "- 1-1-0001\n- 1-1-0002"), ("欠费公示", "1栋1单元0003室"), ("欠费", "１－１－０００４"),
        })
        {
            var refused = await Draft(title, body);
            Assert.Equal((422, "unlawful_measure"), (refused.Status, refused.Code));
            Assert.Contains("缴费进度", refused["detail"].GetValue<string>(), StringComparison.Ordinal);
            Assert.Equal("progress", refused["alternative"].GetValue<string>());
        }
        Assert.Equal(201, (await Draft("暖气检修", "1-1-0001 今天检修，联系人欧阳建国。")).Status);    // no word of debt
        var owner = await estate.SignIn(estate.Houses[5]);
        // nobody has paid
        Assert.Equal("progress_too_few_houses", (await Draft("进度", "见下表。", new { dueFrom = "2026-11-01", dueTo = "2026-11-30" })).Code);
        await owner.PayAll();
        var draft = (await Draft("十一月缴费进度", "感谢已缴费的业主，未缴费的业主请尽快缴纳。", new { dueFrom = "2026-11-01", dueTo = "2026-11-30" }))
            .Done()["noticeId"].GetValue<Guid>();
        var waits = (await estate.Clerk.Post($"{estate.Path}/notices/{draft}/publish", new { tell = false })).Done();
        Assert.Equal("proposed", waits["text"].GetValue<string>());
        Assert.Equal("notice_waits", (await estate.Clerk.Post($"{estate.Path}/notices/{draft}/publish")).Code);
        Assert.Equal(403, (await estate.Clerk.Post($"{estate.Path}/approvals/{waits["approvalId"]}/approve")).Status);
        Assert.Empty(await owner.Titles());
        await estate.ApproveAll(estate.Manager);

        var shown = (await owner.Api.Get($"{owner.Path}/notices/{draft}")).Done()["progress"]["lines"]!.AsArray().Single()!;
        Assert.Equal((12, 1, 83), (shown["houses"]!.GetValue<int>(), shown["paid"]!.GetValue<int>(), shown["paidPerMille"]!.GetValue<int>()));
        Assert.Equal("unlawful_measure", (await estate.Clerk.Post($"{estate.Path}/notices/{draft}/corrections",
            new { title = "更正", body = "欠费：1-1-0002", reason = "补充名单" })).Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Whoever_becomes_a_debtor_while_a_notice_waits_is_protected_when_it_is_approved_and_on_the_poster(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.Change(async db => (await db.Persons.SingleAsync(p => p.Id == estate.Houses[0].PersonId)).Name = "赵铁柱");
        var id = (await estate.Clerk.Post(estate.Path + "/notices", Notice("缴费须知", "逾期有疑问请找赵铁柱。", "payment"))).Done()["noticeId"].GetValue<Guid>();
        var published = await estate.Publish(Notice("缴费指引", "逾期有疑问请找赵铁柱。", "payment"));
        var approval = (await estate.Clerk.Post($"{estate.Path}/notices/{id}/publish")).Done()["approvalId"].GetValue<Guid>();
        Assert.Equal(200, (await estate.Fetch(estate.Clerk, estate.Print($"/notices/{published}/poster"))).Status);
        await estate.BecomeLate();

        Assert.Equal("unlawful_measure", (await estate.Manager.Post($"{estate.Path}/approvals/{approval}/approve")).Code);
        Assert.Equal(422, (await estate.Fetch(estate.Clerk, estate.Print($"/notices/{published}/poster"))).Status);
        (await estate.Manager.Post($"{estate.Path}/approvals/{approval}/reject", new { note = "改" })).Done();
        (await estate.Clerk.Put($"{estate.Path}/notices/{id}", Notice("缴费须知", "逾期有疑问请找服务中心。", "payment"))).Done();
        (await estate.Clerk.Post($"{estate.Path}/notices/{id}/publish")).Done();
        await estate.ApproveAll(estate.Manager);
        Assert.Equal(["rejected", "published"], (await estate.StaffNotice(id))["versions"]!.AsArray().Select(v => v!["state"]!.GetValue<string>()));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_correction_replaces_what_owners_read_keeps_the_older_version_and_two_at_once_do_not_run_over_each_other(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var owner = await estate.SignIn(estate.Houses[0]);
        var id = await estate.Publish(Notice("停水", "周五停水。"));
        (await owner.Api.Post($"{owner.Path}/notices/{id}/read")).Done();
        Assert.Equal("notice_not_draft", (await estate.Clerk.Put($"{estate.Path}/notices/{id}", Notice("停水", "改掉。"))).Code);

        var answers = await Task.WhenAll(Enumerable.Range(1, 4)
            .Select(n => estate.On(n % estate.Installation.Instances.Count, Service.Staff.StaffRole.Clerk)
            .Post($"{estate.Path}/notices/{id}/corrections", new { title = "停水（更正）", body = $"周六停水 {n}。", reason = "日期有误", tell = false })));

        Assert.All(answers, answer => answer.Done());
        var versions = (await estate.StaffNotice(id))["versions"]!.AsArray();
        Assert.Equal([1, 2, 3, 4, 5], versions.Select(v => v!["number"]!.GetValue<int>()));
        Assert.Equal(["replaced", "replaced", "replaced", "replaced", "published"], versions.Select(v => v!["state"]!.GetValue<string>()));
        Assert.Equal("周五停水。", versions[0]!["body"]!.GetValue<string>());
        var seen = (await owner.Api.Get($"{owner.Path}/notices/{id}")).Done();
        Assert.Equal((5, false), (seen["version"].GetValue<int>(), seen["read"].GetValue<bool>()));
        Assert.Equal($"<p>{versions[4]!["body"]!.GetValue<string>()}</p>", seen["html"].GetValue<string>().Trim());
        // A message of yesterday names the version that was replaced: it leads to the notice as it is now.
        Assert.Equal(id, (await owner.Api.Get($"{owner.Path}/notices/{versions[0]!["textId"]}")).Done()["noticeId"].GetValue<Guid>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Owners_are_told_once_in_inbox_and_on_the_phone_and_a_withdrawn_notice_buzzes_nobody(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.SetTemplates();
        var template = await estate.Installation.Db(db => db.MessageTemplates.Where(t =>
            t.CommunityId == estate.CommunityId && t.Kind == NoticeMessage.Name)
            .Select(t => t.WeChatTemplateId).SingleAsync());
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.Allow(template, 2);
        var id = await estate.Publish(Notice("关于小区东门自十二月起夜间关闭的通知", "请走西门。"), tell: true);

        await Estate.Eventually(async () => (await owner.Buzzed(template)).Count == 1, "the phone buzzes");
        var inbox = Assert.Single(await owner.Inbox());
        Assert.Equal("通知：关于小区东门自十二月起夜间关闭的通知", inbox["title"]!.GetValue<string>());
        Assert.Equal(id, (await owner.Api.Get($"{owner.Path}/notices/{inbox["subjectId"]}")).Done()["noticeId"].GetValue<Guid>());
        Assert.Equal(2, await estate.Installation.Db(db => db.Messages.CountAsync(m =>
            m.CommunityId == estate.CommunityId && m.Kind == NoticeMessage.Name)));
        await estate.Installation.Db<int>(async db =>
        {
            var kind = new NoticeMessage(db, new Platform.Clock(estate.Installation.Clock));
            var message = await db.Messages.AsNoTracking().FirstAsync(m =>
                m.CommunityId == estate.CommunityId && m.PersonId == estate.Houses[1].PersonId);
            Assert.Null(await kind.Unwanted(message, default));
            (await estate.Clerk.Post($"{estate.Path}/notices/{id}/withdraw", new { reason = "改期" })).Done();
            Assert.Equal("obsolete", await kind.Unwanted(message, default));
            return 0;
        });
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task An_attachment_comes_back_as_a_download_pictures_lose_where_they_were_taken_and_nothing_else_gets_in(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var owner = await estate.SignIn(estate.Houses[0]);
        var id = (await estate.Clerk.Post(estate.Path + "/notices", Notice("收支公示", "见附件。", "disclosure"))).Done()["noticeId"].GetValue<Guid>();
        var pdf = Pdf(9_000_000);    // more than one packet of the database
        var file = (await estate.Attach(id, "../../收支<2026>.exe", pdf)).Done();
        Assert.Equal(("收支2026.pdf", 9_000_000), (file["name"].GetValue<string>(), file["bytes"].GetValue<int>()));
        var picture = (await estate.Attach(id, "公告.png", Picture())).Done();
        Assert.Equal("image/jpeg", picture["mediaType"].GetValue<string>());
        foreach (var bad in new[] { "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "<html>", "GIF89a....", "%PDF" })
            Assert.Equal("notice_file_invalid", (await estate.Attach(id, "a.svg", Encoding.ASCII.GetBytes(bad))).Code);
        Assert.Equal("body_too_large", (await estate.Attach(id, "a.pdf", Pdf((20 << 20) + 1))).Code);
        var path = owner.OwnerApi($"/notices/{id}/files/{file["fileId"]}");
        Assert.Equal(404, (await estate.Fetch(owner.Api, path)).Status);    // a draft's
        (await estate.Clerk.Post($"{estate.Path}/notices/{id}/publish", new { tell = false })).Done();
        Assert.Equal("notice_waits", (await estate.Attach(id, "b.pdf", Pdf())).Code);    // nobody slips something in behind the approver's back
        await estate.ApproveAll(estate.Manager);

        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[0] };
        http.DefaultRequestHeaders.Authorization = new("Bearer", owner.Api.Token);
        using var answer = await http.GetAsync(path);

        Assert.Equal(pdf, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(("attachment", "nosniff"), (answer.Content.Headers.ContentDisposition!.DispositionType,
            Assert.Single(answer.Headers.GetValues("X-Content-Type-Options"))));
        var stored = (await estate.Fetch(owner.Api, owner.OwnerApi($"/notices/{id}/files/{picture["fileId"]}"))).Done().Body;
        Assert.True(stored.AsSpan().StartsWith<byte>([0xFF, 0xD8, 0xFF]));
        Assert.Equal(404, (await estate.Fetch(owner.Api, owner.OwnerApi($"/notices/{id}/files/{Guid.CreateVersion7()}"))).Status);
        await estate.Clean();
        await estate.Installation.Db(db => db.NoticeFileParts.Where(p => p.FileId == file["fileId"].GetValue<Guid>() && p.Number == 1)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Data, new byte[] { 1, 2, 3 })));
        Assert.Equal("notices", Assert.Single(await estate.Verify()).Check);
    }

    [Fact]
    public async Task What_an_owners_phone_shows_is_made_of_a_few_tags_and_of_text_whatever_somebody_typed()
    {
        Assert.Equal("<h2>一</h2><p>甲<strong>乙</strong><br>丙</p><ul><li>x</li><li>y</li></ul><ol><li>z</li></ol><hr><blockquote>q</blockquote>",
            NoticeMarkup.ToHtml(NoticeMarkup.Read("# 一\n\n　　甲**乙**\n丙\n\n- x\n- y\n\n3. z\n\n---\n\n> q").Value)
                .Replace("\n", "", StringComparison.Ordinal));
        // as people in an office write it
        Assert.Equal("<p><strong>重要：</strong>请看</p>", NoticeMarkup.ToHtml(NoticeMarkup.Read("**重要：**请看").Value).Trim());
        var evil = NoticeMarkup.ToHtml(NoticeMarkup.Read("<script>alert(1)</script>\n\n<img src=x onerror=y>\n\n    &lt;b&gt; 'a' \"b\"").Value);
        Assert.DoesNotMatch("<(?!/?(p|br)>)", evil);
        foreach (var refused in new[] { "![x](http://e.example/a.png)", "[x](javascript:alert(1))", "<http://e.example>", "`code`", "```\nx\n```",
            "- a\n  - b", "[a]: http://e.example" })
            Assert.Equal("notice_markup_refused", NoticeMarkup.Read(refused).Refusal?.Code);
        Assert.StartsWith("第 3 行：", NoticeMarkup.Read("好\n\n![x](y)").Refusal!.Detail, StringComparison.Ordinal);
        await using var estate = await servers.Estate(Database.Sqlite, houses: 1);
        Assert.Equal("notice_markup_refused", (await estate.Clerk.Post(estate.Path + "/notices", Notice("链接", "[点我](http://e.example)"))).Code);
    }

    static byte[] Picture()
    {
        using var bitmap = new SKBitmap(40, 30);
        bitmap.Erase(SKColors.SeaGreen);
        using var image = SKImage.FromBitmap(bitmap);
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
