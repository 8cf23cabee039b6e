using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="PeriodFrom">First day of a calendar month.</param>
/// <param name="PeriodTo">Last day of a calendar month, at most 12 months later.</param>
/// <param name="FeeKinds">Codes.</param>
public sealed record BillRunRequest(DateOnly PeriodFrom, DateOnly PeriodTo, DateOnly DueOn, IReadOnlyList<string> FeeKinds);

/// <summary>A clerk previews a bill run: what would be issued is computed, counted and hashed, what is odd is listed; nothing else is stored.</summary>
/// <remarks>Errors: <c>bill_run_invalid</c> 400 with the field; <c>commission_without_owners_fund</c> 409.</remarks>
public sealed class PreviewBillRun(OwnerPayDb db, Audit audit, Clock clock, IServiceScopeFactory scopes)
{
    public static readonly Error Invalid = new(400, "bill_run_invalid", "出账条件有误");
    /// <summary>Under the commission regime (酬金制) the fees are the owners', only the agreed commission is the company's: both must stand in the bill.</summary>
    public static readonly Error NoOwnersFund = new(409, "commission_without_owners_fund", "酬金制小区的物业费归业主所有：请先设置业主共有的费用科目，公司科目只用于约定的酬金");
    const int MostMonths = 12;

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/billing/runs", Post)
        .WithName("previewBillRun").ForStaff(StaffRole.Clerk).CanFail(Invalid, NoOwnersFund);

    static async Task<Results<Created<BillRunShown>, ProblemHttpResult>> Post(
        StaffMember staff, BillRunRequest request, PreviewBillRun preview, CancellationToken cancel) =>
        (await preview.Run(request, staff, cancel)).ToHttp(
            run => TypedResults.Created($"/api/staff/v1/communities/{staff.CommunityId}/billing/runs/{run.RunId}", run));

    public async Task<Result<BillRunShown>> Run(BillRunRequest request, StaffMember staff, CancellationToken cancel)
    {
        if (Refusal(request, clock.Today()) is { } refusal) return refusal;
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == staff.CommunityId, cancel);
        if (community.FeeRegime == FeeRegime.Commission && !await db.FeeKinds.AnyAsync(k => k.CommunityId == community.Id && k.Beneficiary == Beneficiary.OwnersFund, cancel))
            return NoOwnersFund;
        var codes = request.FeeKinds.Order(StringComparer.Ordinal).ToList();
        var prices = await PriceBook.Load(db, staff.CommunityId, codes, cancel);
        if (codes.Find(code => prices.Kinds.All(kind => kind.Code != code)) is { } unknown) return Invalid.At("feeKinds", $"没有费用科目 {unknown}");

        var terms = new RunTerms(staff.CommunityId, new DateRange(request.PeriodFrom, request.PeriodTo), request.DueOn, community.FirstDay, clock.Today());
        await using var liable = scopes.CreateAsyncScope();
        await using var charged = scopes.CreateAsyncScope();
        var readers = new RunReaders(db, liable.ServiceProvider.GetRequiredService<OwnerPayDb>(), charged.ServiceProvider.GetRequiredService<OwnerPayDb>());
        var (pages, sum, odd) = (new RunPages(db, terms, prices, compare: true, readers: readers), new RunSum(terms), new OddList());
        await foreach (var items in pages.Read(page => sum.Of(page), cancel))
            foreach (var item in items) odd.Add(item);
        await foreach (var item in pages.SpacesWithoutHouse(cancel)) odd.Add(item);

        var run = new BillRun
        {
            Id = Guid.CreateVersion7(), CommunityId = staff.CommunityId, PeriodFrom = request.PeriodFrom, PeriodTo = request.PeriodTo, DueOn = request.DueOn,
            FeeKinds = string.Join(',', codes), PreviewHash = sum.Hash(), Bills = sum.Bills, TotalFen = sum.TotalFen,
            Odd = JsonSerializer.Serialize(odd.Report(), Json.Options), State = BillRunState.Proposed, ProposedBy = staff.StaffId, ProposedAt = clock.Now(),
        };
        db.Add(run);
        audit.Add(staff, "bill-run.proposed", run.Id, new { run.Bills, run.TotalFen, run.PreviewHash });
        await db.SaveChangesAsync(cancel);
        return BillRunShown.Of(run);
    }

    static Error? Refusal(BillRunRequest request, DateOnly today)
    {
        if (request.PeriodFrom.Day != 1) return Invalid.At("periodFrom", "账期从某月 1 日开始");
        if (request.PeriodTo.AddDays(1).Day != 1) return Invalid.At("periodTo", "账期到某月最后一天为止");
        if (request.PeriodTo < request.PeriodFrom) return Invalid.At("periodTo", "账期的最后一天早于第一天");
        if (request.PeriodTo >= request.PeriodFrom.AddMonths(MostMonths)) return Invalid.At("periodTo", $"一次最多出账 {MostMonths} 个月");
        if (request.DueOn < today) return Invalid.At("dueOn", "到期日不能早于今天：业主收到账单时不应已经逾期");
        if (request.FeeKinds.Count == 0) return Invalid.At("feeKinds", "请选择费用科目");
        if (request.FeeKinds.Distinct().Count() != request.FeeKinds.Count) return Invalid.At("feeKinds", "费用科目重复");
        return null;
    }
}

/// <summary>Counts and hashes what a run issues, in the order of houses: preview and confirmation must come to the same.</summary>
sealed class RunSum
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly StringBuilder text = new(4096);
    readonly Encoder encoder = Encoding.UTF8.GetEncoder();
    byte[] bytes = new byte[4096];

    public RunSum(RunTerms terms) => hash.AppendData(Encoding.UTF8.GetBytes($"{terms.CommunityId:N} {terms.Period} {terms.DueOn:O}\n"));

    public int Bills { get; private set; }
    public long TotalFen { get; private set; }

    public void Add(BillDraft bill)
    {
        Bills++;
        TotalFen = checked(TotalFen + bill.AmountFen);
        text.Clear();
        bill.AppendTo(text);
        foreach (var part in text.GetChunks())
        {
            if (bytes.Length < Encoding.UTF8.GetMaxByteCount(part.Length)) bytes = new byte[Encoding.UTF8.GetMaxByteCount(part.Length)];
            hash.AppendData(bytes, 0, encoder.GetBytes(part.Span, bytes, flush: false));
        }
    }

    /// <summary>Adds the bills of a page.</summary>
    /// <returns>What is odd about its houses.</returns>
    public List<OddItem> Of(BillPage page)
    {
        foreach (var house in page.Houses)
            foreach (var bill in house.Bills) Add(bill);
        return [.. page.Houses.SelectMany(house => house.Odd)];
    }

    /// <summary>SHA-256 (hex) over all that was added.</summary>
    public string Hash() => Convert.ToHexStringLower(hash.GetCurrentHash());
}
