using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Entrusted;

/// <param name="BankAccountId">Where the bank credits what it collects.</param>
/// <param name="DueBy">Bills due by this Shanghai date are collected; null: by today.</param>
public sealed record BatchRequest(Guid BankAccountId, DateOnly? DueBy = null);

/// <param name="CollectedFen">So far.</param>
public sealed record BatchView(
    Guid BatchId, string Code, BatchState State, DateOnly On, int Items, long TotalFen, int Collected, long CollectedFen, int Failed,
        DateTimeOffset CreatedAt);

/// <param name="Reason">The bank's, when it failed.</param>
public sealed record ItemView(int Number, string House, long AmountFen, ItemState State, string? Reason, Guid? PaymentId);

/// <summary>Finance proposes what the bank is to collect: for each house with a mandate the bills of its present party that are due, with late fee.
/// A manager
/// approves; only then is there a file.</summary>
/// <remarks>Errors: <c>bank_account_not_found</c>, <c>batch_not_found</c> 404; <c>nothing_to_collect</c>, <c>batch_not_approved</c>,
/// <c>house_in_open_batch</c> 409;
/// <c>cursor_invalid</c> 400.</remarks>
public sealed class ProposeBatch(OwnerPayDb db, OpenBills openBills, PartyPeople people, Approvals approvals, MasterKey master, Audit audit,
    Clock clock) : IApprovable
{
    const int PageSize = 50;
    public const string ApprovalKind = "collection-batch";
    public static readonly Error NotFound = new(404, "batch_not_found", "没有找到该代扣批次");
    public static readonly Error NotApproved = new(409, "batch_not_approved", "该代扣批次尚未批准");
    static readonly Error Nothing = new(409, "nothing_to_collect", "没有可代扣的账单") { Detail = "须有生效的委托收款协议、到期未缴的账单，且房屋不在另一未回盘的批次中" };
    static readonly Error InOpenBatch = new(409, "house_in_open_batch", "有房屋刚被另一代扣批次占用，请重试");

    public string Kind => ApprovalKind;

    public StaffRole[] Approvers => [StaffRole.Manager];

    public static void Map(Doors doors)
    {
        const string At = "/communities/{communityId:guid}/collection/batches";
        doors.Staff.MapPost(At, Post).WithName("proposeCollectionBatch").ForStaff(StaffRole.Finance)
            .CanFail(IdempotencyKey.Missing, IdempotencyKey.Reused, KeepBankAccounts.NotFound, Nothing, InOpenBatch);
        doors.Staff.MapGet(At, GetList).WithName("listCollectionBatches").ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet(At + "/{id:guid}/items", GetItems).WithName("listCollectionItems").ForStaff(StaffRole.Finance, StaffRole.Manager)
            .CanFail(NotFound);
        doors.Staff.MapGet(At + "/{id:guid}/file", GetFile).WithName("fetchCollectionFile").Produces(StatusCodes.Status200OK, contentType: "text/csv")
            .ForStaff(StaffRole.Finance).CanFail(NotFound, NotApproved);
    }

    static async Task<Results<Created<BatchView>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, BatchRequest request, ProposeBatch propose, CancellationToken cancel) =>
        (await propose.Run(request, key, by, cancel)).ToHttp(made => TypedResults.Created((string?)null, made));

    static async Task<Results<Ok<Page<BatchView>>, ProblemHttpResult>> GetList(StaffMember by, OwnerPayDb db, CancellationToken cancel,
        string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var items = db.CollectionItems;
        var rows = await db.CollectionBatches.AsNoTracking().Where(b => b.CommunityId == by.CommunityId)
            .NewestFirst(after, b => new Cursor(b.CreatedAt, b.Id)).Take(PageSize + 1)
            .Select(b => new BatchView(b.Id, b.Code, b.State, b.On, b.Items, b.TotalFen, items.Count(i => i.BatchId == b.Id
                && i.State == ItemState.Collected),
                items.Where(i => i.BatchId == b.Id && i.State == ItemState.Collected).Sum(i => (long?)i.AmountFen) ?? 0,
                items.Count(i => i.BatchId == b.Id && i.State == ItemState.Failed), b.CreatedAt)).ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(rows, PageSize, row => new Cursor(row.CreatedAt, row.BatchId)));
    }

    static async Task<Results<Ok<Page<ItemView>>, ProblemHttpResult>> GetItems(Guid id, StaffMember by, OwnerPayDb db, CancellationToken cancel)
    {
        var houses = db.Houses;
        var rows = await db.CollectionItems.AsNoTracking().Where(i => i.BatchId == id && i.CommunityId == by.CommunityId).OrderBy(i => i.Number)
            .Select(i => new ItemView(i.Number, houses.Where(h => h.Id == i.HouseId).Select(h => h.Code).First(), i.AmountFen, i.State, i.Reason,
                i.PaymentId)).ToListAsync(cancel);
        return rows.Count == 0 ? NotFound.ToProblem() : TypedResults.Ok(new Page<ItemView>(rows, null));
    }

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> GetFile(Guid id, StaffMember by, ProposeBatch batches,
        CancellationToken cancel) =>
        (await batches.File(id, by, cancel)).ToHttp(file => TypedResults.File(file.Content, "text/csv; charset=utf-8", $"{file.Code}.csv"));

    readonly OwnerPayDb db = db;

    public async Task<Result<BatchView>> Run(BatchRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel)
    {
        try
        {
            return await db.Once<BatchView>(key, new { by.CommunityId, request }, () => Make(request, by, cancel), cancel);
        }
        catch (Exception failure) when (WriteFailure.Violates(failure, "CollectionItems", "PendingFor")) { return InOpenBatch; }
    }

    async Task<Result<BatchView>> Make(BatchRequest request, StaffMember by, CancellationToken cancel)
    {
        if (!await db.BankAccounts.AnyAsync(a => a.Id == request.BankAccountId && a.CommunityId == by.CommunityId && !a.Closed,
            cancel)) return KeepBankAccounts.NotFound;
        var (today, id, items) = (clock.Today(), Guid.CreateVersion7(), db.CollectionItems);
        var mandates = await db.Mandates.AsNoTracking().Where(m => m.CommunityId == by.CommunityId && m.InForceFor != null
            && !items.Any(i => i.PendingFor == m.HouseId))
            .OrderBy(m => m.Agreement).ThenBy(m => m.Id).ToListAsync(cancel);
        var made = new List<CollectionItem>();
        foreach (var mandate in mandates)
        {
            var party = (await people.Of(mandate.HouseId, cancel)).FirstOrDefault(p => p.From <= today && (p.To is null || p.To >= today));
            if (party is null) continue;
            var due = (await openBills.Of(mandate.HouseId, [party.Id], cancel)).Where(b => b.Bill.DueOn <= (request.DueBy ?? today)).ToList();
            var fen = due.Sum(b => b.Bill.OpenFen + b.LateFeeOn(today));
            if (fen == 0) continue;
            made.Add(new CollectionItem
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, BatchId = id, Number = made.Count + 1, MandateId = mandate.Id, HouseId =
                    mandate.HouseId,
                PartyId = party.Id, AmountFen = fen, State = ItemState.Pending, PendingFor = mandate.HouseId,
            });
        }
        if (made.Count == 0) return Nothing;
        var batch = new CollectionBatch
        {
            Id = id, CommunityId = by.CommunityId, BankAccountId = request.BankAccountId, Code = "DK"
                + RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 10),
            On = today, Items = made.Count, TotalFen = made.Sum(i => i.AmountFen), State = BatchState.Proposed, CreatedAt = clock.Now(),
        };
        db.Add(batch);
        db.AddRange(made);
        approvals.Propose(by.CommunityId, ApprovalKind, id, by.StaffId, $"代扣 {made.Count} 户共 {new Fen(batch.TotalFen).InYuan()} 元（{batch.Code}）");
        audit.Add(by, "collection.proposed", id, new { batch.Code, batch.Items, batch.TotalFen });
        return new BatchView(id, batch.Code, batch.State, batch.On, batch.Items, batch.TotalFen, 0, 0, 0, batch.CreatedAt);
    }

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var batch = await db.CollectionBatches.Where(b => b.Id == approval.SubjectId && b.CommunityId == approval.CommunityId).ForUpdate()
            .SingleAsync(cancel);
        batch.State = approved ? BatchState.Approved : BatchState.Rejected;
        if (!approved)
            foreach (var item in await db.CollectionItems.Where(i => i.BatchId == batch.Id).ToListAsync(cancel))
                (item.State, item.PendingFor, item.EndedAt) = (ItemState.Dropped, null, clock.Now());
        return null;
    }

    sealed record OutFile(string Code, byte[] Content);

    /// <summary>UTF-8 with a mark, so that Excel reads it; columns 批次号, 序号, 协议号, 户名, 账号, 开户银行, 金额(元), 摘要. Holds whole account numbers: the read is
    /// written down.</summary>
    async Task<Result<OutFile>> File(Guid id, StaffMember by, CancellationToken cancel)
    {
        var batch = await db.CollectionBatches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id && b.CommunityId == by.CommunityId, cancel);
        if (batch is null) return NotFound;
        if (batch.State != BatchState.Approved) return NotApproved;
        var (items, mandates, houses) = (db.CollectionItems, db.Mandates, db.Houses);
        var rows = await (from item in items.AsNoTracking()
                          where item.BatchId == id
                          join mandate in mandates.AsNoTracking() on item.MandateId equals mandate.Id
                          join house in houses on item.HouseId equals house.Id
                          orderby item.Number
                          select new { item, mandate, house.Code }).ToListAsync(cancel);
        var text = new StringBuilder("批次号,序号,协议号,户名,账号,开户银行,金额(元),摘要\r\n");
        foreach (var row in rows)
            text.Append(string.Join(',', batch.Code, row.item.Number, CsvText.Cell(row.mandate.Agreement),
                CsvText.Cell(master.UnwrapText(Mandate.AccountPurpose, row.mandate.HolderWrapped)),
                master.UnwrapText(Mandate.AccountPurpose, row.mandate.NumberWrapped), CsvText.Cell(row.mandate.Bank), new Fen(row.item.AmountFen)
                    .InYuan(),
                CsvText.Cell($"物业费 {row.Code}"))).Append("\r\n");
        audit.Add(by, "collection.file-read", id, new { batch.Code });
        await db.SaveChangesAsync(cancel);
        return new OutFile(batch.Code, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())]);
    }
}
