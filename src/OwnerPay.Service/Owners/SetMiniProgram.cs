using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Owners;

/// <param name="Secret">WeChat's AppSecret; kept wrapped, never shown again.</param>
public sealed record MiniProgramRequest(
    [property: Required, RegularExpression("[A-Za-z0-9_-]{8,32}")] string AppId,
    [property: Required, StringLength(128, MinimumLength = 8)] string Secret);

public sealed record MiniProgramAnswer(Guid Id, string AppId);

/// <summary>An administrator names a mini-program account, or gives it a new secret.</summary>
public sealed class SetMiniProgram(OwnerPayDb db, MasterKey master, Audit audit)
{
    public static void Map(Doors doors) => doors.Staff.MapPost("/mini-programs", Post).WithName("setMiniProgram").ForStaff(StaffRole.Admin);

    static async Task<Ok<MiniProgramAnswer>> Post(MiniProgramRequest request, StaffMember staff, SetMiniProgram set, CancellationToken cancel) =>
        TypedResults.Ok(await set.Run(request, staff, cancel));

    public async Task<MiniProgramAnswer> Run(MiniProgramRequest request, StaffMember staff, CancellationToken cancel)
    {
        var programs = db.MiniPrograms;
        var program = await programs.SingleOrDefaultAsync(m => m.AppId == request.AppId, cancel);
        var isNew = program is null;
        if (program is null) db.Add(program = new MiniProgram { Id = Guid.CreateVersion7(), AppId = request.AppId });
        program.SecretWrapped = master.Wrap(MiniProgram.SecretPurpose, request.Secret);
        audit.Add(staff, isNew ? "mini-program.added" : "mini-program.secret-changed", program.Id, new { request.AppId });
        await db.SaveChangesAsync(cancel);
        return new MiniProgramAnswer(program.Id, program.AppId);
    }
}
