using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>A picture for the catalogue, as it was re-encoded: never the bytes that were uploaded.</summary>
public sealed class RewardPicture : IEntityTypeConfiguration<RewardPicture>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>JPEG, at most 1,600 pixels a side, without what cameras write beside the picture.</summary>
    public byte[] Jpeg { get; init; } = [];
    public Guid StoredBy { get; init; }
    public DateTimeOffset StoredAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<RewardPicture> table)
    {
        table.ToTable("RewardPictures");
        table.Property(p => p.Jpeg).HasMaxLength(ReadingPhotos.MostStored);
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => p.CommunityId);
    }
}

public sealed record PictureStored(Guid PictureId, int Bytes, string Path);

/// <summary>Pictures of the catalogue: staff upload them, phones load them by a plain address (an image element of the mini-program sends no
/// token).</summary>
/// <remarks>Nothing about a person is in them. Errors: <c>picture_invalid</c> 400, <c>body_too_large</c> 413, <c>picture_not_found</c> 404.</remarks>
public sealed class RewardPictures(OwnerPayDb db, Audit audit, Clock clock)
{
    const int MostUploaded = 20 * 1024 * 1024;
    const string CacheForEver = "public, max-age=31536000, immutable";
    static readonly Error Invalid = new(400, "picture_invalid", "图片无法识别") { Field = "file", Detail = "请上传 JPEG 或 PNG 图片，不超过 20 MB" };
    static readonly Error NotFound = new(404, "picture_not_found", "没有找到该图片");

    public static string PathOf(Guid picture) => $"/pictures/rewards/{picture}";

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/rewards/pictures", Post).WithName("addRewardPicture").ForStaff(StaffRole.Clerk,
            StaffRole.Manager)
            .WithMetadata(new RequestSizeLimitAttribute(MostUploaded + 65_536)).DisableAntiforgery()    // the staff door asks for its own token
            .CanFail(Invalid, Problems.TooLarge);
        doors.Public.MapGet("/pictures/rewards/{pictureId:guid}", Get).WithName("showRewardPicture").BeforeSignIn(Door.Public,
            RateLimits.Normal).CanFail(NotFound);
    }

    static async Task<Results<Ok<PictureStored>, ProblemHttpResult>> Post(IFormFile? file, StaffMember staff, RewardPictures pictures,
        CancellationToken cancel)
    {
        if (file is null || file.Length == 0) return Invalid.ToProblem();
        if (file.Length > MostUploaded) return Problems.TooLarge.ToProblem();
        using var upload = new MemoryStream((int)file.Length);
        await file.CopyToAsync(upload, cancel);
        return (await pictures.Store(upload.ToArray(), staff, cancel)).ToHttp(TypedResults.Ok);
    }

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Get(Guid pictureId, OwnerPayDb db, HttpContext http,
        CancellationToken cancel)
    {
        var picture = await db.RewardPictures.AsNoTracking().SingleOrDefaultAsync(p => p.Id == pictureId, cancel);
        if (picture is null) return NotFound.ToProblem();
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = CacheForEver;
        return TypedResults.File(picture.Jpeg, "image/jpeg");
    }

    async Task<Result<PictureStored>> Store(byte[] upload, StaffMember staff, CancellationToken cancel)
    {
        if (ReadingPhotos.Reencode(upload) is not { } jpeg) return Invalid;
        var picture = new RewardPicture
        {
            Id = Guid.CreateVersion7(), CommunityId = staff.CommunityId, Jpeg = jpeg, StoredBy = staff.StaffId,
            StoredAt = clock.Now()
        };
        db.Add(picture);
        audit.Add(staff, "reward-picture.stored", picture.Id, new { bytes = jpeg.Length });
        await db.SaveChangesAsync(cancel);
        return new PictureStored(picture.Id, jpeg.Length, PathOf(picture.Id));
    }
}
