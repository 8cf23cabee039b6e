using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

public enum LoanRateState { Proposed, Approved, Rejected, Superseded }

/// <summary>The one-year loan prime rate (一年期 LPR) from the day of its publication on; measures the loss in the court-safe figure.</summary>
public sealed class LoanRateRow : IEntityTypeConfiguration<LoanRateRow>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>The file with which it came: approved or rejected together.</summary>
    public Guid ProposalId { get; init; }
    public DateOnly From { get; init; }

    /// <summary>30,000 is 3.00 % a year.</summary>
    public int MillionthsAYear { get; init; }
    public LoanRateState State { get; set; }
    public DateTimeOffset ProposedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<LoanRateRow> table)
    {
        table.ToTable("LoanRates", t => t.HasCheckConstraint("CK_LoanRates_Rate", "MillionthsAYear BETWEEN 0 AND 1000000"));
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => r.ProposalId);
        table.HasIndex(r => new { r.CommunityId, r.State, r.From });
    }
}

/// <param name="PercentAYear">Decimal text with at most four decimals: <c>3.00</c>.</param>
public sealed record LoanRateLine(DateOnly From, [property: Required] string PercentAYear);

/// <summary>A file of published rates, as <c>config/demo/lpr.json</c>. Rates that are known already are passed over.</summary>
/// <param name="Source">Where they were published.</param>
/// <param name="Schema">For editors; not read.</param>
public sealed record LoanRateFile(
    [property: Required, MinLength(1), MaxLength(500)] IReadOnlyList<LoanRateLine> Rates, [property: StringLength(190)] string? Source = null,
    [property: JsonPropertyName("$schema")] string? Schema = null);

/// <param name="ApprovalId">What a manager approves or rejects.</param>
/// <param name="Rates">How many are new or different.</param>
public sealed record LoanRatesProposed(Guid ProposalId, Guid ApprovalId, int Rates);

/// <param name="PercentAYear">In per cent a year.</param>
public sealed record LoanRateShown(DateOnly From, decimal PercentAYear, LoanRateState State);

/// <summary>Finance enters published loan prime rates; a manager approves them. Then late fees are shown with what a court would leave of
/// them.</summary>
/// <remarks>Errors: <c>loan_rates_invalid</c> 400 with the field; <c>loan_rates_unchanged</c> 409.</remarks>
public sealed class LoanRates(OwnerPayDb db, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    static readonly Error Invalid = new(400, "loan_rates_invalid", "利率数据有误");
    static readonly Error Unchanged = new(409, "loan_rates_unchanged", "这些利率都已登记，没有新的内容");

    public string Kind => "loan-rates";

    public StaffRole[] Approvers => [StaffRole.Manager];

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/billing/loan-rates", Post).WithName("proposeLoanRates").ForStaff(StaffRole.Finance)
            .CanFail(Problems.Validation, Invalid, Unchanged);
        doors.Staff.MapGet("/communities/{communityId:guid}/billing/loan-rates", Get).WithName("listLoanRates")
            .ForStaff(StaffRole.Finance, StaffRole.Manager);
    }

    static async Task<Results<Created<LoanRatesProposed>, ProblemHttpResult>> Post(
        StaffMember by, LoanRateFile file, LoanRates rates, CancellationToken cancel) =>
        (await rates.Propose(file, by, cancel)).ToHttp(
            done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/billing/loan-rates", done));

    static async Task<Ok<IReadOnlyList<LoanRateShown>>> Get(StaffMember by, LoanRates rates, CancellationToken cancel) =>
        TypedResults.Ok<IReadOnlyList<LoanRateShown>>([.. (await rates.db.LoanRates.AsNoTracking().Where(r => r.CommunityId == by.CommunityId)
            .OrderByDescending(r => r.From).ThenByDescending(r => r.ProposedAt).ToListAsync(cancel))
            .Select(r => new LoanRateShown(r.From, r.MillionthsAYear / 10_000m, r.State))]);

    readonly OwnerPayDb db = db;

    public async Task<Result<LoanRatesProposed>> Propose(LoanRateFile file, StaffMember by, CancellationToken cancel)
    {
        var known = (await InForce(by.CommunityId, cancel)).ToDictionary(r => r.From, r => r.MillionthsAYear);
        var (proposal, now, rows) = (Guid.CreateVersion7(), clock.Now(), new List<LoanRateRow>());
        for (var index = 0; index < file.Rates.Count; index++)
        {
            var (line, at) = (file.Rates[index], $"rates[{index}]");
            if (line is null) return Invalid.At(at, "不能为空");
            if (RateOf(line.PercentAYear) is not { } rate) return Invalid.At(at + ".percentAYear", "年利率为 0 到 100 之间的百分数，最多四位小数，如 3.00");
            if (line.From > clock.Today()) return Invalid.At(at + ".from", "公布日期不能晚于今天");
            if (file.Rates.Take(index).Any(other => other.From == line.From)) return Invalid.At(at + ".from", $"{line.From:yyyy-MM-dd} 重复");
            if (known.TryGetValue(line.From, out var same) && same == rate) continue;
            rows.Add(new()
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, ProposalId = proposal, From = line.From, MillionthsAYear = rate,
                State = LoanRateState.Proposed, ProposedAt = now,
            });
        }
        if (rows.Count == 0) return Unchanged;
        db.AddRange(rows);
        var approval = approvals.Propose(by.CommunityId, Kind, proposal, by.StaffId, $"一年期 LPR {rows.Count} 条，最新 {rows.Max(r => r.From):yyyy-MM-dd}");
        audit.Add(by, "loan-rates.proposed", proposal, new { rates = rows.Select(r => new { r.From, r.MillionthsAYear }), file.Source });
        await db.SaveChangesAsync(cancel);
        return new LoanRatesProposed(proposal, approval.Id, rows.Count);
    }

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        // One at a time, so that of two rates of one day the later approval holds.
        await db.Communities.AsNoTracking().Where(c => c.Id == approval.CommunityId).ForUpdate().SingleAsync(cancel);
        var rows = await db.LoanRates.Where(r => r.ProposalId == approval.SubjectId && r.CommunityId == approval.CommunityId).ToListAsync(cancel);
        var days = rows.ConvertAll(r => r.From);
        if (approved)
            foreach (var earlier in await db.LoanRates.Where(r =>
                r.CommunityId == approval.CommunityId && r.State == LoanRateState.Approved && days.Contains(r.From))
                .ToListAsync(cancel)) earlier.State = LoanRateState.Superseded;
        foreach (var row in rows) row.State = approved ? LoanRateState.Approved : LoanRateState.Rejected;
        return null;
    }

    /// <summary>The rates that hold, by day.</summary>
    public async Task<IReadOnlyList<LoanRate>> InForce(Guid community, CancellationToken cancel) =>
        (await db.LoanRates.Where(r => r.CommunityId == community && r.State == LoanRateState.Approved).OrderBy(r => r.From)
            .Select(r => new { r.From, r.MillionthsAYear }).ToListAsync(cancel)).ConvertAll(r => new LoanRate(r.From, r.MillionthsAYear));

    /// <returns>Per cent with four decimals are millionths.</returns>
    static int? RateOf(string text)
    {
        try { return FixedPoint.Parse(text, 4) is var rate and >= 0 and <= 1_000_000 ? (int)rate : null; }
        catch (RuleRefusal) { return null; }
    }
}
