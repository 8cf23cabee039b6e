using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <param name="OfferCode">Of a coupon offer in force.</param>
/// <param name="HouseCodes">One coupon for the present owner of each house.</param>
/// <param name="PersonIds">One coupon for each person.</param>
/// <param name="Bearer">So many without a holder, to print; whoever enters the code becomes its holder.</param>
public sealed record CouponIssueRequest(
    [property: Required, MaxLength(40)] string OfferCode, [property: MaxLength(5_000)] IReadOnlyList<string>? HouseCodes = null,
    [property: MaxLength(5_000)] IReadOnlyList<Guid>? PersonIds = null, [property: Range(1, 5_000)] int? Bearer = null);

/// <summary>Somebody of a list who got none.</summary>
/// <param name="Who">House code or person id.</param>
public sealed record CouponSkipped(string Who, string Reason);

/// <param name="IssueId">By which these can be listed and withdrawn together.</param>
/// <param name="Codes">Of coupons without a holder.</param>
public sealed record CouponsIssued(Guid IssueId, int Issued, IReadOnlyList<CouponSkipped> Skipped, IReadOnlyList<string> Codes);

/// <summary>A manager issues coupons of an offer whose budget finance approved: to a list of houses or persons, from a file, or without holders for paper.</summary>
/// <remarks>Errors: <c>coupon_offer_not_in_force</c>, <c>coupons_used_up</c> 409; <c>coupon_list_empty</c>, <c>coupon_list_invalid</c> 400 with all that is
/// wrong in <c>faults</c>.</remarks>
public sealed class IssueCoupons(OwnerPayDb db, CouponIssuing issuing, Audit audit, Clock clock)
{
    public static readonly Error NotInForce = new(409, "coupon_offer_not_in_force", "没有该优惠券活动，或活动不在有效期内");
    static readonly Error UsedUp = new(409, "coupons_used_up", "超过活动批准的发放数量");
    static readonly Error Empty = new(400, "coupon_list_empty", "请给出发放名单：房号、人员或无记名张数之一");
    static readonly Error ListInvalid = new(400, "coupon_list_invalid", "发放名单有误");
    const int MostRows = 5_000, MostFileBytes = 2 * 1024 * 1024;

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/promotions/coupons", Post).WithName("issueCoupons").ForStaff(StaffRole.Manager)
            .CanFail(Problems.Validation, NotInForce, UsedUp, Empty, ListInvalid, IdempotencyKey.Missing, IdempotencyKey.Reused);
        doors.Staff.MapPost("/communities/{communityId:guid}/promotions/coupons/file", PostFile).WithName("issueCouponsFromFile").ForStaff(StaffRole.Manager)
            .DisableAntiforgery()    // the staff door asks for its own token
            .CanFail(NotInForce, UsedUp, Empty, ListInvalid, Problems.TooLarge, IdempotencyKey.Missing, IdempotencyKey.Reused);
    }

    static async Task<Results<Ok<CouponsIssued>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, CouponIssueRequest request, IssueCoupons issue, CancellationToken cancel) =>
        (await issue.Run(request, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    /// <summary>A CSV file (UTF-8) whose first line names the column 房号; other columns are not read.</summary>
    static async Task<Results<Ok<CouponsIssued>, ProblemHttpResult>> PostFile(
        IFormFile? file, string offerCode, IdempotencyKey key, StaffMember by, IssueCoupons issue, CancellationToken cancel)
    {
        if (file is null || file.Length == 0) return Empty.At("file").ToProblem();
        if (file.Length > MostFileBytes) return Problems.TooLarge.ToProblem();
        using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
        var read = Rows(await reader.ReadToEndAsync(cancel));
        if (read.Refusal is { } refusal) return refusal.ToProblem();
        return (await issue.Run(new CouponIssueRequest(offerCode, read.Value), key, by, cancel)).ToHttp(done => TypedResults.Ok(done));
    }

    static Result<IReadOnlyList<string>> Rows(string text)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        var column = Array.FindIndex(lines[0].Split(','), name => name.Trim().Trim('"') == "房号");
        if (column < 0) return ListInvalid.At("file", "第 1 行没有“房号”一列");
        var (houses, faults) = (new List<string>(), new List<FileFault>());
        for (var row = 1; row < lines.Length; row++)
        {
            if (lines[row].Trim().Length == 0) continue;
            var cells = lines[row].Split(',');
            if (column >= cells.Length || cells[column].Trim().Trim('"', '\'') is not { Length: > 0 } code) faults.Add(new($"第 {row + 1} 行", "房号为空"));
            else houses.Add(code);
        }
        if (houses.Count > MostRows) return ListInvalid.At("file", $"一次最多 {MostRows} 行");
        return faults is [var first, ..] ? ListInvalid.At(first.Field, first.Detail).With("faults", faults) : houses;
    }

    public Task<Result<CouponsIssued>> Run(CouponIssueRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<CouponsIssued>(key, new { by.CommunityId, request }, async () =>
        {
            if (new[] { request.HouseCodes is { Count: > 0 }, request.PersonIds is { Count: > 0 }, request.Bearer is not null }.Count(given => given) != 1) return Empty;
            if (await issuing.Lock(by.CommunityId, request.OfferCode, cancel) is not { } offer) return NotInForce;
            var issue = Guid.CreateVersion7();
            if (request.Bearer is { } bearer)
            {
                if (!await issuing.Count(offer, bearer, cancel)) return UsedUp;
                List<string> codes = [.. Enumerable.Range(0, bearer).Select(_ => issuing.New(offer, null, null, Coupon.ByList, issue).Code)];
                return Told(new CouponsIssued(issue, bearer, [], codes), offer, by);
            }
            var holders = request.HouseCodes is { Count: > 0 } houses ? await Owners(by.CommunityId, houses, cancel) : await Persons(by.CommunityId, request.PersonIds!, cancel);
            if (holders.Refusal is { } refusal) return refusal;
            var (skipped, issued) = (new List<CouponSkipped>(), 0);
            var had = await issuing.Had(offer, [.. holders.Value.Select(h => h.Person).OfType<Guid>().Distinct()], cancel);
            foreach (var (who, person) in holders.Value)
            {
                if (person is not { } holder) { skipped.Add(new(who, "房屋没有登记的业主")); continue; }
                var before = had.GetValueOrDefault(holder);
                if (before >= offer.LimitPerPerson) { skipped.Add(new(who, $"已达每人 {offer.LimitPerPerson} 张")); continue; }
                issuing.New(offer, holder, had[holder] = before + 1, Coupon.ByList, issue);
                issued++;
            }
            if (issued > 0 && !await issuing.Count(offer, issued, cancel)) return UsedUp;
            return Told(new CouponsIssued(issue, issued, skipped, []), offer, by);
        }, cancel);

    CouponsIssued Told(CouponsIssued done, Offer offer, StaffMember by)
    {
        audit.Add(by, "coupons.issued", offer.Id, new { offer.Code, done.IssueId, done.Issued, skipped = done.Skipped.Count });
        return done;
    }

    async Task<Result<IReadOnlyList<(string Who, Guid? Person)>>> Owners(Guid community, IReadOnlyList<string> codes, CancellationToken cancel)
    {
        var (wanted, today) = (codes.Distinct().ToList(), clock.Today());
        var houses = await db.Houses.AsNoTracking().Where(h => h.CommunityId == community && wanted.Contains(h.Code)).ToDictionaryAsync(h => h.Code, h => h.Id, cancel);
        List<FileFault> faults = [.. codes.Select((code, index) => (code, index)).Where(at => !houses.ContainsKey(at.code))
            .Select(at => new FileFault($"houseCodes[{at.index}]", $"没有房屋 {at.code}"))];
        faults.AddRange(codes.GroupBy(code => code).Where(same => same.Count() > 1).Select(same => new FileFault("houseCodes", $"房屋 {same.Key} 重复")));
        if (faults is [var first, ..]) return ListInvalid.At(first.Field, first.Detail).With("faults", faults);
        var ids = houses.Values.ToList();
        var tenures = (await db.Tenures.AsNoTracking().Where(t => ids.Contains(t.HouseId) && t.From <= today && (t.To == null || t.To >= today)).ToListAsync(cancel))
            .Where(t => Members.Owes(t.Kind)).ToLookup(t => t.HouseId);
        return codes.Select(code => (code, (Guid?)tenures[houses[code]].OrderBy(t => Members.Rank(t.Kind)).ThenBy(t => t.From).ThenBy(t => t.Id).FirstOrDefault()?.PersonId))
            .ToList();
    }

    async Task<Result<IReadOnlyList<(string Who, Guid? Person)>>> Persons(Guid community, IReadOnlyList<Guid> ids, CancellationToken cancel)
    {
        var known = await db.Persons.Where(p => p.CommunityId == community && ids.Contains(p.Id)).Select(p => p.Id).ToListAsync(cancel);
        List<FileFault> faults = [.. ids.Select((id, index) => (id, index)).Where(at => !known.Contains(at.id))
            .Select(at => new FileFault($"personIds[{at.index}]", $"没有人员 {at.id}"))];
        if (faults is [var first, ..]) return ListInvalid.At(first.Field, first.Detail).With("faults", faults);
        return ids.Distinct().Select(id => (id.ToString(), (Guid?)id)).ToList();
    }
}
