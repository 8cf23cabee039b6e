using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments.Bank;

/// <summary>What happens with a bank's statement, in the words of the field.</summary>
public static class BankSteps
{
    public const string Titles = "日期,流水号,收入(元),支出(元),附言,对方户名,对方账号";

    static BankSteps() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static string Statement(params string[] rows) => Titles + "\n" + string.Join('\n', rows) + "\n";

    public static Task<Answer> ImportStatement(this Estate estate, string csv, Encoding? encoding = null, string account = "icbc-01",
        Api? by = null) =>
        estate.ImportStatement((encoding ?? new UTF8Encoding(false)).GetBytes(csv), "statement.csv", account, by);

    public static async Task<Answer> ImportStatement(this Estate estate, byte[] file, string name, string account = "icbc-01", Api? by = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", name } };
        return await (by ?? estate.Finance).Send(HttpMethod.Post, $"{estate.Path}/bank/statements?account={account}", form, null);
    }

    public static async Task<string> TransferCode(this Estate estate, TestHouse house) =>
        (await estate.Clerk.Post($"{estate.Path}/bank/houses/{house.Id}/transfer-code")).Done()["code"].GetValue<string>();

    public static Task<List<BankRow>> BankRows(this Estate estate) => estate.Installation.Db(db =>
    {
        var rows = db.BankRows;
        return rows.AsNoTracking().Where(r => r.CommunityId == estate.CommunityId).OrderBy(r => r.Reference).ThenBy(r => r.Sequence).ToListAsync();
    });

    /// <summary>Read, written, unchanged, skipped, bad.</summary>
    public static long[] Counts(this Answer report) => [report.Fen("read"), report.Fen("written"), report.Fen("unchanged"), report.Fen("skipped"),
        report.Fen("bad")];
}
