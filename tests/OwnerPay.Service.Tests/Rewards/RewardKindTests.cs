using System.Data.Common;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;
using SkiaSharp;

namespace OwnerPay.Service.Tests.Rewards;

/// <summary>Rewards that are more than a thing on a shelf, and how they are fetched.</summary>
public sealed class RewardKindTests(Servers servers)
{
    // The space was promised to two owners for the same week, and one of them found a car on it.
    [Theory, EachDatabase]
    public async Task Owners_who_want_one_space_for_the_same_days_on_two_instances_at_once_get_it_once(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 6);
        await AddSpaces(estate, "B1-001", "B1-002");
        Assert.Equal("parking_space_unknown", (await estate.ProposeReward("park", "parking", 9, 100, periodDays: 10, spaces: ["B9-999"])).Code);
        Assert.Equal("reward_kind_unsound", (await estate.ProposeReward("park", "parking", 9, 100)).Code);
        var right = await estate.AddReward("park", "parking", stock: 9, costPoints: 100, limit: 2, periodDays: 10, spaces: ["B1-001", "B1-002"]);
        var owners = await Task.WhenAll(estate.Houses.Select((house, at) => estate.SignIn(house, at % estate.Installation.Instances.Count)));
        foreach (var owner in owners) await estate.GivePoints(owner, 200);

        var answers = await Task.WhenAll(owners.Select((owner, at) => RedeemFrom(owner, right, at % 2 == 0 ? "2026-12-20" : "2026-12-25")));

        Assert.Equal(2, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal("parking_spaces_taken", answer.Code));
        Assert.Equal(["B1-001", "B1-002"], answers.Where(answer => answer.Status == 201).Select(answer =>
            answer["parkingSpace"].GetValue<string>()).Order());
        Assert.Equal(6 * 200 - 2 * 100, await estate.PointsHeld());
        var (winner, won) = owners.Zip(answers).First(pair => pair.Second.Status == 201);
        Assert.Equal(won["from"].GetValue<string>() == "2026-12-20" ? "2026-12-29" : "2027-01-03", won["to"].GetValue<string>());
        await OverlapIsRefusedByTheDatabase(estate);

        (await winner.Api.Post($"{winner.Path}/redemptions/{won["redemptionId"].GetValue<Guid>()}/cancel")).Done();
        (await RedeemFrom(owners.Zip(answers).First(pair => pair.Second.Status != 201).First, right, "2026-12-20")).Done();
        Assert.Equal("parking_from_unsound", (await RedeemFrom(winner, right, "2026-12-09")).Code);
        Assert.Empty(await estate.Verify());
    }

    static Task<Answer> RedeemFrom(TestOwner owner, Guid reward, string from) => owner.Api.Post(owner.Path + "/redemptions", new
    {
        rewardId = reward,
        from
    });

    static Task<int> AddSpaces(Estate estate, params string[] codes) => estate.Installation.Db(db =>
    {
        db.AddRange(codes.Select(code => new ParkingSpace
        {
            Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, Code = code,
            Kind = ParkingKind.Rented
        }));
        return db.SaveChangesAsync();
    });

    static Task<bool> OverlapIsRefusedByTheDatabase(Estate estate) => estate.Installation.Db(async db =>
    {
        var day = await db.ParkingRightDays.AsNoTracking().OrderBy(d => d.Day).FirstAsync();
        db.Add(new ParkingRightDay { SpaceId = day.SpaceId, Day = day.Day, RightId = Guid.CreateVersion7() });
        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        return Assert.IsAssignableFrom<DbException>(refused.InnerException) is not null;
    });

    [Theory, EachDatabase]
    public async Task A_coupon_for_points_is_in_the_owners_hands_at_once_and_cannot_be_cancelled_into_points_again(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        Assert.Equal("coupon_offer_unknown", (await estate.ProposeReward("off10", "coupon", 5, 100, couponCode: "thanks")).Code);
        await SetOffer(estate);
        var coupon = await estate.AddReward("off10", "coupon", stock: 5, costPoints: 100, limit: 5, couponCode: "thanks");
        var owners = await estate.SignInAll();
        foreach (var owner in owners) await estate.GivePoints(owner, 250);

        var got = (await owners[0].Redeem(coupon)).Done();

        Assert.Equal("fulfilled", got["state"].GetValue<string>());
        var code = got["couponCode"].GetValue<string>();
        Assert.Contains(code, (await owners[0].Api.Get(owners[0].Path + "/coupons")).Done().Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(code, (await owners[0].Api.Get(owners[0].Path + "/redemptions")).Done()["items"][0]!["couponCode"]!.GetValue<string>());
        Assert.Equal("redemption_ended",
            (await owners[0].Api.Post($"{owners[0].Path}/redemptions/{got["redemptionId"].GetValue<Guid>()}/cancel")).Code);
        Assert.Equal("coupons_used_up", (await owners[1].Redeem(coupon)).Code);    // finance approved one
        Assert.Equal(400, await estate.PointsHeld());
        Assert.Empty(await estate.Verify());
    }

    static async Task SetOffer(Estate estate)
    {
        await estate.SetTariffs();
        (await estate.Manager.Post(estate.Path + "/promotions/offers", new
        {
            offers = new[]
            {
                new
                {
                    code = "thanks", name = "感谢券", kind = "coupon", feeKinds = new[] { "property" }, start = "2026-12-01T00:00:00+08:00",
                        end = "2027-06-01T00:00:00+08:00",
                    stackingGroup = "thanks", priority = 1, amountYuan = "10", couponDays = 60, budgetCount = 1, limitPerPerson = 5,
                },
            },
        })).Done();
        await estate.ApproveAll(estate.Finance);
    }

    // A clerk who tries numbers must not find somebody else's gift.
    [Theory, EachDatabase]
    public async Task Whoever_tries_pick_up_codes_is_locked_out_after_five_wrong_ones_on_all_instances_and_a_colleague_goes_on(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        var gift = await estate.AddReward(stock: 5, costPoints: 100, limit: 2);
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.GivePoints(owner, 200);
        var (first, second) = ((await owner.Redeem(gift)).Done(), (await owner.Redeem(gift)).Done());
        var codes = new[] { first, second }.Select(answer => answer["pickUpCode"].GetValue<string>()).ToHashSet();
        Task<Answer> Try(Api by, string code, string? key = null) => by.Post(estate.Path + "/redemptions/fulfil", new { pickUpCode = code }, key);
        var wrong = Enumerable.Range(0, 20).Select(number => $"{number:D8}").Where(code => !codes.Contains(code)).ToList();

        var qr = await owner.Api.Get($"{owner.Path}/redemptions/{first["redemptionId"].GetValue<Guid>()}/qr");
        Assert.Equal(200, qr.Status);
        Assert.Equal(404, (await owner.Api.Get($"{owner.Path}/redemptions/{Guid.CreateVersion7()}/qr")).Status);
        for (var number = 0; number < 4; number++) Assert.Equal("pick_up_code_unknown", (await Try(estate.Clerk, wrong[number])).Code);
        // by scan; the count begins anew
        Assert.Equal(200, (await Try(estate.Clerk, "OWNERPAY:" + first["pickUpCode"].GetValue<string>(), "scan-of-first")).Status);
        Assert.Equal("redemption_ended", (await Try(estate.Clerk, first["pickUpCode"].GetValue<string>())).Code);
        var elsewhere = estate.On(estate.Installation.Instances.Count - 1, StaffRole.Clerk);
        var guesses = await Task.WhenAll(wrong.Skip(4).Select((code, at) => Try(at % 2 == 0 ? estate.Clerk : elsewhere, code)));    // sixteen at once

        Assert.Equal(5, guesses.Count(answer => answer.Code == "pick_up_code_unknown"));
        Assert.Equal(11, guesses.Count(answer => answer is { Status: 423, Code: "pick_up_code_locked" }));
        Assert.Equal("pick_up_code_locked", (await Try(elsewhere, second["pickUpCode"].GetValue<string>())).Code);
        // a repeated call is no guess
        Assert.Equal(200, (await Try(estate.Clerk, "OWNERPAY:" + first["pickUpCode"].GetValue<string>(), "scan-of-first")).Status);
        await Minutes(estate, 15);
        Assert.Equal(200, (await Try(estate.Clerk, second["pickUpCode"].GetValue<string>())).Status);
        Assert.Empty(await estate.Verify());
    }

    /// <summary>So many minutes pass on the system's clock, as far as locked accounts can tell.</summary>
    static Task<int> Minutes(Estate estate, int minutes) => estate.Installation.Db(async db =>
    {
        var until = TimeProvider.System.GetUtcNow();
        var staff = await db.AuditEntries.Where(a => a.CommunityId == estate.CommunityId && a.Action == "pick-up-codes.locked")
            .Select(a => a.SubjectId).ToListAsync();
        Assert.Single(staff);
        Assert.True(await db.PickUpGuesses.AnyAsync(g => g.StaffId == staff[0] && g.LockedUntil > until.AddMinutes(minutes - 1)
            && g.LockedUntil <= until.AddMinutes(minutes)));
        return await db.PickUpGuesses.Where(g => g.StaffId == staff[0]).ExecuteUpdateAsync(set => set.SetProperty(g => g.LockedUntil, until));
    });

    [Theory, EachDatabase]
    public async Task A_picture_for_the_catalogue_is_drawn_anew_and_what_is_no_picture_is_refused(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var png = Png(40, 30);
        var stored = await Upload(estate, [.. png, .. "<script>alert(1)</script>"u8], "gift.png");
        var id = stored.Done()["pictureId"].GetValue<Guid>();
        Assert.Equal("picture_invalid", (await Upload(estate, "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "a.svg")).Code);
        Assert.Equal("picture_unknown", (await estate.ProposeReward("cup", "goods", 1, 10, pictureId: Guid.CreateVersion7())).Code);
        await estate.AddReward("cup", "service", stock: 1, costPoints: 10, pictureId: id);

        var owner = await estate.SignIn(estate.Houses[0]);
        var path = (await owner.Api.Get(owner.Path + "/rewards")).Done()["items"][0]!["picturePath"]!.GetValue<string>();
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[0] };
        using var answer = await http.GetAsync(path);
        var bytes = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal(("image/jpeg", "nosniff"), (answer.Content.Headers.ContentType!.MediaType,
            answer.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.DoesNotContain("script", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        using var picture = SKBitmap.Decode(bytes);
        Assert.Equal((40, 30), (picture.Width, picture.Height));
        using var none = await http.GetAsync($"/pictures/rewards/{Guid.CreateVersion7()}");
        Assert.Equal(404, (int)none.StatusCode);
    }

    static byte[] Png(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Teal);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    static async Task<Answer> Upload(Estate estate, byte[] bytes, string name)
    {
        using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var form = new MultipartFormDataContent { { content, "file", name } };
        return await estate.Manager.Post(estate.Path + "/rewards/pictures", form);
    }
}
