using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Owners;

/// <param name="Code">To hand over; shown this once.</param>
/// <param name="ExpiresAt">Business time, 7 days ahead.</param>
public sealed record BindingCodeAnswer(string Code, DateTimeOffset ExpiresAt);

/// <summary>A clerk makes a code with which a person, having shown who he is at the counter, binds his WeChat: one use, 7 days.</summary>
/// <remarks>Errors: <c>person_not_found</c> 404.</remarks>
public sealed class IssueBindingCode(OwnerPayDb db, Audit audit, Clock clock)
{
    const int Days = 7;

    // Without 0/O, 1/I/L: it is read aloud and typed. 12 of these are 59 bits.
    const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    static readonly Error PersonNotFound = new(404, "person_not_found", "没有找到该住户");

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/persons/{personId:guid}/binding-codes", Post).WithName("issueBindingCode")
            .ForStaff(StaffRole.Clerk).CanFail(PersonNotFound);

    static async Task<Results<Ok<BindingCodeAnswer>, ProblemHttpResult>> Post(Guid personId, StaffMember staff, IssueBindingCode issue,
        CancellationToken cancel) =>
        (await issue.Run(personId, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<BindingCodeAnswer>> Run(Guid person, StaffMember staff, CancellationToken cancel)
    {
        var persons = db.Persons;
        if (!await persons.AnyAsync(p => p.Id == person && p.CommunityId == staff.CommunityId, cancel)) return PersonNotFound;
        var text = RandomNumberGenerator.GetString(Letters, 12);
        var code = new BindingCode
        {
            Id = Guid.CreateVersion7(), CommunityId = staff.CommunityId, PersonId = person, Hash = BindingCode.HashOf(text),
            ExpiresAt = clock.Now().AddDays(Days),
        };
        db.Add(code);
        audit.Add(staff, "binding-code.issued", person, new { code.ExpiresAt });
        await db.SaveChangesAsync(cancel);
        return new BindingCodeAnswer($"{text[..4]}-{text[4..8]}-{text[8..]}", code.ExpiresAt);
    }
}
