using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Entrusted;

/// <summary>What became of a result file. <c>Read</c> = <c>Collected</c> + <c>Failed</c> + <c>Unchanged</c> + <c>Bad</c> + <c>Skipped</c>, in
/// rows.</summary>
/// <param name="Unchanged">Known from an earlier file.</param>
/// <param name="Skipped">Good rows that were not taken because others were bad.</param>
public sealed record ResultReport(int Read, int Collected, int Failed, int Unchanged, int Skipped, int Bad, IReadOnlyList<RowFault> Faults);

/// <summary>The bank's answer to a batch (代扣回盘): what it collected is settled house by house, what it did not keeps its reason. The same file again,
/// or by
/// two people at once, does nothing twice.</summary>
/// <remarks>CSV or .xlsx with the columns 批次号, 序号, 金额(元), 结果 (成功 or 失败), 原因. All rows are checked before one is taken.
/// Errors: <c>batch_not_found</c> 404, <c>batch_not_approved</c>, <c>batch_settled</c> 409, <c>result_layout_unknown</c>, <c>file_missing</c> 400
/// and those of reading.</remarks>
public sealed class BringResults(OwnerPayDb db, SettleForParty settle, WorkItems workItems, Audit audit, Clock clock)
{
    static readonly string[] Titles = ["批次号", "序号", "金额(元)", "结果", "原因"];
    static readonly Error NoLayout = new(400, "result_layout_unknown", "回盘文件的标题行有误") { Field = "file", Detail = $"须有 {string.Join('、', Titles)} 五列" };
    static readonly Error Settled = new(409, "batch_settled", "该批次的款项已在银行流水中核对到账，不能再导入回盘") { Field = "file" };
    const int MaxReported = 1_000;

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/collection/batches/{id:guid}/results", Post)
        .WithName("bringCollectionResults")
        .ForStaff(StaffRole.Finance).WithMetadata(new RequestSizeLimitAttribute(StatementTable.MaxBytes + 65536))
            .DisableAntiforgery()    // the staff door asks for its own token
        .CanFail(ShowBank.FileMissing, Problems.TooLarge, StatementTable.TooManyRows, StatementTable.Unreadable, NoLayout, ProposeBatch.NotFound,
            ProposeBatch.NotApproved, Settled);

    static async Task<Results<Ok<ResultReport>, ProblemHttpResult>> Post(Guid id, IFormFile? file, StaffMember by, BringResults results,
        CancellationToken cancel)
    {
        if (file is null || file.Length == 0) return ShowBank.FileMissing.ToProblem();
        await using var stream = file.OpenReadStream();
        return (await results.Run(id, stream, by, cancel)).ToHttp(TypedResults.Ok);
    }

    sealed record Told(int Number, bool Collected, string? Reason);

    public async Task<Result<ResultReport>> Run(Guid id, Stream file, StaffMember by, CancellationToken cancel)
    {
        var batch = await db.CollectionBatches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id && b.CommunityId == by.CommunityId, cancel);
        if (batch is null) return ProposeBatch.NotFound;
        if (batch.State != BatchState.Approved) return ProposeBatch.NotApproved;
        if (await db.BankRows.AnyAsync(r => r.SettledBy == id, cancel)) return Settled;
        var table = StatementTable.Read(file, cancel);
        if (table.Refusal is { } unreadable) return unreadable;
        var items = await db.CollectionItems.AsNoTracking().Where(i => i.BatchId == id).ToDictionaryAsync(i => i.Number, cancel);
        var (told, faults, read) = (new List<Told>(), new List<RowFault>(), 0);
        if (table.Value.Count == 0 || Titles.Any(title => !table.Value[0].Contains(title))) return NoLayout;
        var at = Titles.Select(title => table.Value[0].ToList().IndexOf(title)).ToArray();
        for (var row = 1; row < table.Value.Count; row++)
        {
            var cells = table.Value[row];
            if (cells.All(cell => cell.Length == 0)) continue;
            read++;
            var before = faults.Count;
            var one = Check(batch, items, [.. at.Select(column => column < cells.Count ? cells[column] : "")], (column, text) =>
                faults.Add(new(row + 1, Titles[column], text)));
            if (one is not null && told.Exists(other => other.Number == one.Number)) faults.Add(new(row + 1, Titles[1], "序号重复"));
            if (one is not null && faults.Count == before) told.Add(one);
        }
        if (faults.Count > 0) return new ResultReport(read, 0, 0, 0, told.Count, read - told.Count, [.. faults.Take(MaxReported)]);
        var (collected, failed) = (0, 0);
        foreach (var one in told)
            if (await Take(items[one.Number].Id, batch, one, by, cancel))
                if (one.Collected) collected++;
                else failed++;
        return new ResultReport(read, collected, failed, read - collected - failed, 0, 0, []);
    }

    static Told? Check(CollectionBatch batch, Dictionary<int, CollectionItem> items, string[] cells, Action<int, string> fault)
    {
        if (cells[0] != batch.Code) fault(0, $"不是批次 {batch.Code} 的回盘");
        if (!int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !items.TryGetValue(number, out var item))
        {
            fault(1, "批次中没有这个序号");
            return null;
        }
        if (!decimal.TryParse(cells[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var yuan) || yuan * 100 != item.AmountFen)
            fault(2, $"金额应为 {new Fen(item.AmountFen).InYuan()}");
        if (cells[3] is not ("成功" or "失败")) fault(3, "结果应为 成功 或 失败");
        if (cells[3] == "失败" && cells[4].Length == 0) fault(4, "失败须写明原因");
        var collected = cells[3] == "成功";
        if (item.State == ItemState.Collected && !collected || item.State == ItemState.Failed && collected) fault(3, "与先前回盘的结果相反，请向银行核实");
        return new(number, collected, collected ? null : cells[4].Length > 190 ? cells[4][..190] : cells[4]);
    }

    /// <returns>False when it was taken before.</returns>
    async Task<bool> Take(Guid id, CollectionBatch batch, Told told, StaffMember by, CancellationToken cancel)
    {
        // The item's own state makes it happen once; a file that broke off in the middle is simply brought again.
        var key = new IdempotencyKey("staff", by.Actor, "bringCollectionResult", Guid.CreateVersion7().ToString("N"));
        return (await db.Once<bool>(key, new { id, told }, async () =>
        {
            var item = await db.CollectionItems.Where(i => i.Id == id).ForUpdate().SingleAsync(cancel);
            if (item.State != ItemState.Pending) return false;
            var (now, account) = (clock.Now(), await db.BankAccounts.Where(a => a.Id == batch.BankAccountId).Select(a => a.Code).SingleAsync(cancel));
            (item.PendingFor, item.EndedAt, item.Reason) = (null, now, told.Reason);
            if (!told.Collected)
            {
                item.State = ItemState.Failed;
                audit.Add(by, "collection.failed", id, new { batch.Code, item.Number, told.Reason });
                return true;
            }
            var arrived = new ArrivedBy(Payment.Collection, id.ToString("N"), Accounts.CollectionInTransit(account), item.AmountFen, 0, now);
            if (await settle.Run(item.CommunityId, item.HouseId, item.PartyId, OrderWay.Collection, arrived, now,
                cancel) is not { } settled) return SettleBankRow.PriceMoved;
            (item.State, item.PaymentId) = (ItemState.Collected, settled.PaymentId);
            if (settled.PaidFen < item.AmountFen)
                await workItems.Open(item.CommunityId, "payment.prepaid", settled.PaymentId, StaffRole.Finance, "代扣款项转入预存",
                    $"批次 {batch.Code} 第 {item.Number} 笔：代扣期间账单已另行缴纳，多收部分已转入预存余额，请核实并联系业主", cancel);
            audit.Add(by, "collection.collected", id, new { batch.Code, item.Number, item.AmountFen, settled.PaymentId });
            return true;
        }, cancel)) is { Refusal: null, Value: true };
    }
}
