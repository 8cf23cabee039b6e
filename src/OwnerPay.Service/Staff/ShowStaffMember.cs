using Microsoft.AspNetCore.Http.HttpResults;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Staff;

/// <param name="Roles">Roles in force; <c>communityId</c> null means all communities.</param>
public sealed record StaffMemberAnswer(Guid StaffId, string Login, string Name, bool MustChangePassword, bool MustEnrolTotp, bool TotpEnrolled, IReadOnlyList<HeldRole> Roles);

/// <summary>Tells a member of staff who he is here and what he may do where.</summary>
public static class ShowStaffMember
{
    public static void Map(Doors doors) => doors.Staff.MapGet("/me", Get).WithName("showStaffMember").ForStaff().WithOneTimePassword();

    static Ok<StaffMemberAnswer> Get(StaffAccess access) =>
        TypedResults.Ok(new StaffMemberAnswer(access.StaffId, access.Login, access.Name, access.MustChangePassword, access.MustEnrolTotp, access.TotpEnrolled, access.Held));
}
