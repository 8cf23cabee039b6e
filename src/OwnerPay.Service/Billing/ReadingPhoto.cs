using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using SkiaSharp;

namespace OwnerPay.Service.Billing;

/// <summary>A photo of a meter, as it was re-encoded: never the bytes that were uploaded.</summary>
public sealed class ReadingPhoto : IEntityTypeConfiguration<ReadingPhoto>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>JPEG, at most 1,600 pixels a side, without what cameras write beside the picture.</summary>
    public byte[] Jpeg { get; init; } = [];
    public Guid TakenBy { get; init; }
    public DateTimeOffset StoredAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<ReadingPhoto> table)
    {
        table.ToTable("ReadingPhotos");
        table.Property(p => p.Jpeg).HasMaxLength(ReadingPhotos.MostStored);
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => p.CommunityId);
    }
}

public sealed record PhotoStored(Guid PhotoId, int Bytes);

/// <summary>Staff upload the photo of a meter, and look at it again.</summary>
/// <remarks>JPEG and PNG only, known by their first bytes, decoded and encoded anew. Errors: <c>photo_invalid</c> 400; <c>body_too_large</c> 413;
/// <c>reading_photo_not_found</c> 404.</remarks>
public sealed class ReadingPhotos(OwnerPayDb db, Audit audit, Clock clock)
{
    public const int MostStored = 8 * 1024 * 1024;
    const int MostUploaded = 20 * 1024 * 1024, MostPixels = 50_000_000, LongestSide = 1_600, Quality = 80;
    static readonly Error Invalid = new(400, "photo_invalid", "照片无法识别") { Field = "file", Detail = "请上传 JPEG 或 PNG 照片，不超过 20 MB" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/billing/reading-photos", Post).WithName("addReadingPhoto").ForStaff(StaffRole.Clerk)
            .WithMetadata(new RequestSizeLimitAttribute(MostUploaded + 65_536)).DisableAntiforgery()    // the staff door asks for its own token
            .CanFail(Invalid, Problems.TooLarge);
        doors.Staff.MapGet("/communities/{communityId:guid}/billing/reading-photos/{photoId:guid}", Get).WithName("showReadingPhoto")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).Produces(StatusCodes.Status200OK, contentType: "image/jpeg").CanFail(Readings.PhotoNotFound);
    }

    static async Task<Results<Ok<PhotoStored>, ProblemHttpResult>> Post(IFormFile? file, StaffMember staff, ReadingPhotos photos, CancellationToken cancel)
    {
        if (file is null || file.Length == 0) return Invalid.ToProblem();
        if (file.Length > MostUploaded) return Problems.TooLarge.ToProblem();
        using var upload = new MemoryStream((int)file.Length);
        await file.CopyToAsync(upload, cancel);
        return (await photos.Store(upload.ToArray(), staff, cancel)).ToHttp(TypedResults.Ok);
    }

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Get(Guid photoId, StaffMember staff, OwnerPayDb db, HttpContext http, CancellationToken cancel)
    {
        var photo = await db.ReadingPhotos.AsNoTracking().SingleOrDefaultAsync(p => p.Id == photoId && p.CommunityId == staff.CommunityId, cancel);
        if (photo is null) return Readings.PhotoNotFound.ToProblem();
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.File(photo.Jpeg, "image/jpeg");
    }

    public async Task<Result<PhotoStored>> Store(byte[] upload, StaffMember staff, CancellationToken cancel)
    {
        if (Reencode(upload) is not { } jpeg) return Invalid;
        var photo = new ReadingPhoto { Id = Guid.CreateVersion7(), CommunityId = staff.CommunityId, Jpeg = jpeg, TakenBy = staff.StaffId, StoredAt = clock.Now() };
        db.Add(photo);
        audit.Add(staff, "reading-photo.stored", photo.Id, new { bytes = jpeg.Length });
        await db.SaveChangesAsync(cancel);
        return new PhotoStored(photo.Id, jpeg.Length);
    }

    /// <returns>Null when it is no picture that we take.</returns>
    internal static byte[]? Reencode(byte[] upload)
    {
        if (!IsJpeg(upload) && !IsPng(upload)) return null;
        using var data = SKData.CreateCopy(upload);
        using var codec = SKCodec.Create(data);
        // The header says how large it becomes, before a byte is unpacked.
        if (codec is null || codec.Info.Width < 1 || codec.Info.Height < 1 || (long)codec.Info.Width * codec.Info.Height > MostPixels) return null;
        using var picture = SKBitmap.Decode(codec);
        if (picture is null) return null;
        using var upright = Upright(picture, codec.EncodedOrigin);
        var longest = Math.Max(upright.Width, upright.Height);
        var size = longest <= LongestSide ? upright.Info.Size
            : new SKSizeI(Math.Max(1, upright.Width * LongestSide / longest), Math.Max(1, upright.Height * LongestSide / longest));
        using var small = upright.Resize(size, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var image = small is null ? null : SKImage.FromBitmap(small);
        using var jpeg = image?.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return jpeg?.ToArray() is { Length: > 0 and <= MostStored } bytes ? bytes : null;
    }

    /// <summary>A phone writes down how it was held; the mark is lost on encoding, so the picture itself is turned.</summary>
    static SKBitmap Upright(SKBitmap picture, SKEncodedOrigin origin)
    {
        var degrees = origin switch { SKEncodedOrigin.RightTop => 90, SKEncodedOrigin.BottomRight => 180, SKEncodedOrigin.LeftBottom => 270, _ => 0 };
        if (degrees == 0) return picture.Copy();
        var turned = degrees == 180 ? new SKBitmap(picture.Width, picture.Height) : new SKBitmap(picture.Height, picture.Width);
        using var canvas = new SKCanvas(turned);
        canvas.Translate(turned.Width / 2, turned.Height / 2);
        canvas.RotateDegrees(degrees);
        canvas.Translate(-picture.Width / 2, -picture.Height / 2);
        using var image = SKImage.FromBitmap(picture);
        canvas.DrawImage(image, 0, 0, SKSamplingOptions.Default);
        return turned;
    }

    static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]);

    static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
}
