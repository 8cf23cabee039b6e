using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <param name="HouseCodes">All houses that carry the tag from now on; others lose it.</param>
public sealed record TagRequest([property: Required, MaxLength(50_000)] IReadOnlyList<string> HouseCodes);

public sealed record TagAnswer(string Tag, IReadOnlyList<string> HouseCodes);

/// <summary>A clerk says which houses carry a tag, by which offers choose.</summary>
/// <remarks>Errors: <c>tag_invalid</c> 400; <c>house_code_unknown</c> 404 with the codes.</remarks>
public sealed partial class TagHouses(OwnerPayDb db, Audit audit)
{
    static readonly Error Invalid = new(400, "tag_invalid", "标签用小写字母、数字和连字符，字母开头，最多 40 位") { Field = "tag" };
    static readonly Error Unknown = new(404, "house_code_unknown", "名单中有不存在的房号") { Field = "houseCodes" };
    const string Path = "/communities/{communityId:guid}/promotions/tags/{tag}";

    public static void Map(Doors doors)
    {
        doors.Staff.MapPut(Path, Put).WithName("tagHouses").ForStaff(StaffRole.Clerk).CanFail(Problems.Validation, Invalid, Unknown);
        doors.Staff.MapGet(Path, Get).WithName("listTaggedHouses").ForStaff(StaffRole.Clerk, StaffRole.Manager, StaffRole.Finance);
    }

    static async Task<Results<Ok<TagAnswer>, ProblemHttpResult>> Put(string tag, StaffMember staff, TagRequest request, TagHouses tags, CancellationToken cancel) =>
        (await tags.Run(tag, request, staff, cancel)).ToHttp(done => TypedResults.Ok(done));

    static async Task<Ok<TagAnswer>> Get(string tag, StaffMember staff, TagHouses tags, CancellationToken cancel) => TypedResults.Ok(await tags.Of(tag, staff, cancel));

    public async Task<Result<TagAnswer>> Run(string tag, TagRequest request, StaffMember staff, CancellationToken cancel)
    {
        if (tag.Length > 40 || !TagForm().IsMatch(tag)) return Invalid;
        var wanted = request.HouseCodes.Distinct().ToList();
        var houses = await db.Houses.AsNoTracking().Where(h => h.CommunityId == staff.CommunityId && wanted.Contains(h.Code)).Select(h => new { h.Id, h.Code }).ToListAsync(cancel);
        if (houses.Count != wanted.Count) return Unknown.With("unknown", wanted.Except(houses.Select(h => h.Code)).Take(100).ToList());
        var present = await db.HouseTags.Where(t => t.CommunityId == staff.CommunityId && t.Tag == tag).ToListAsync(cancel);
        var ids = houses.Select(h => h.Id).ToHashSet();
        db.RemoveRange(present.Where(t => !ids.Contains(t.HouseId)));
        var known = present.Select(t => t.HouseId).ToHashSet();
        db.AddRange(ids.Where(id => !known.Contains(id)).Select(id => new HouseTag { CommunityId = staff.CommunityId, HouseId = id, Tag = tag }));
        audit.Add(staff, "houses.tagged", staff.CommunityId, new { tag, houses = houses.Count });
        await db.SaveChangesAsync(cancel);
        return new TagAnswer(tag, [.. houses.Select(h => h.Code).Order(StringComparer.Ordinal)]);
    }

    async Task<TagAnswer> Of(string tag, StaffMember staff, CancellationToken cancel)
    {
        var houses = db.Houses;
        var codes = await (from mark in db.HouseTags
                           where mark.CommunityId == staff.CommunityId && mark.Tag == tag
                           join house in houses on mark.HouseId equals house.Id
                           select house.Code).ToListAsync(cancel);
        return new(tag, [.. codes.Order(StringComparer.Ordinal)]);
    }

    [GeneratedRegex("^[a-z][a-z0-9-]*$")]
    private static partial Regex TagForm();
}
