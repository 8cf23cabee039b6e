using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>Bill files, plain and packed, of every kind.</summary>
public class BillTests
{
    const string AllHeader = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,"
        + "代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
    const string AllSummary = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
    const string Payment = "`2026-11-22 00:03:12,`wx1,`1900000109,`0,`,`4200002999202611220000000001,`OP1,`oOwner,`JSAPI,`SUCCESS,"
        + "`CMB_DEBIT,`CNY,`286.50,`0.00,`0,`0,`0.00,`0.00,`,`,`物业费,`house=1,`1.72000,`0.60%,`286.50,`0.00,`";
    const string PaymentSummary = "`1,`286.50,`0.00,`0.00,`1.72000,`286.50,`0.00";

    static readonly JsonElement Expected = VectorFile.Root.GetProperty("bills");

    public static TheoryData<string> Files => [.. Expected.GetProperty("files").EnumerateArray().Select(file => file.Text("file"))];

    public static TheoryData<string> PackedFiles =>
        [.. Expected.GetProperty("files").EnumerateArray().Where(file => file.OptionalText("gzip_file") is not null)
            .Select(file => file.Text("file"))];

    static JsonElement Of(string file) => Expected.GetProperty("files").EnumerateArray().Single(item => item.Text("file") == file);

    static async Task<(List<TradeBillRow> Rows, BillReader<TradeBillLine, TradeBillRow> Bill)> Trade(byte[] file)
    {
        var bill = BillReader.Trade(new MemoryStream(file));
        return (await bill.RowsAsync().ToListAsync(), bill);
    }

    static Task<(List<TradeBillRow> Rows, BillReader<TradeBillLine, TradeBillRow> Bill)> Trade(string text) => Trade(Encoding.UTF8.GetBytes(text));

    [Theory, MemberData(nameof(Files))]
    public async Task Every_line_is_read_and_the_summary_line_is_a_checksum_not_a_payment(string file)
    {
        var expected = Of(file);
        var bytes = VectorFile.Bytes(file);
        int rows;
        BillSummary? summary;
        BillFault? fault;
        if (file.Contains("fundflow", StringComparison.Ordinal))
        {
            var bill = BillReader.FundFlow(new MemoryStream(bytes));
            rows = (await bill.RowsAsync().ToListAsync()).Count;
            (summary, fault) = (bill.Summary, bill.Fault);
        }
        else
        {
            var (list, bill) = await Trade(bytes);
            rows = list.Count;
            (summary, fault) = (bill.Summary, bill.Fault);
            if (expected.TryGetProperty("payments", out var payments)) Assert.Equal(payments.GetInt32(), list.Count(row => !row.IsRefund));
            if (expected.TryGetProperty("refunds", out var refunds)) Assert.Equal(refunds.GetInt32(), list.Count(row => row.IsRefund));
        }
        Assert.Null(fault);
        Assert.Equal(expected.GetProperty("detail_rows").GetInt32(), rows);
        Assert.Equal(expected.GetProperty("summary").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString()!),
            summary!.Values.ToDictionary());
    }

    [Theory, MemberData(nameof(PackedFiles))]
    public async Task A_packed_bill_holds_the_same_bytes_and_the_hash_is_over_the_unpacked_ones(string file)
    {
        await using var gzip = new GZipStream(new MemoryStream(VectorFile.Bytes(Of(file).Text("gzip_file"))), CompressionMode.Decompress);
        var unpacked = new MemoryStream();
        await gzip.CopyToAsync(unpacked);

        Assert.Equal(VectorFile.Bytes(file), unpacked.ToArray());
#pragma warning disable CA5350 // WeChat prescribes SHA-1 here.
        Assert.Equal(Of(file).Text("sha1"), Convert.ToHexStringLower(SHA1.HashData(unpacked.ToArray())));
#pragma warning restore CA5350
    }

    [Theory]
    [InlineData("bills/tradebill_2026-11-22_ALL.csv")]
    [InlineData("bills/tradebill_2026-11-22_ALL_bom_crlf.csv")]
    public async Task Finance_sees_each_amount_of_the_bill_to_the_fen(string file)
    {
        var (rows, _) = await Trade(VectorFile.Bytes(file));
        var payments = Expected.GetProperty("expected_fen").GetProperty("payments").EnumerateArray()
            .Select(p => (p.Text("out_trade_no"), p.Text("transaction_id"),
                p.Fen("total"), p.Fen("settlement_total"), p.Fen("coupon"), (long?)p.Fen("fee")));
        var refunds = Expected.GetProperty("expected_fen").GetProperty("refunds").EnumerateArray()
            .Select(r => (r.Text("out_refund_no"), r.Text("refund_id"), r.Text("out_trade_no"),
                r.Fen("applied"), r.Fen("refund"), (long?)-r.Fen("fee_returned"), r.Text("status")));

        Assert.Equal(payments, rows.Where(row => !row.IsRefund)
            .Select(row => (row.OutTradeNo, row.TransactionId, row.OrderFen, row.SettlementFen, row.CouponFen, row.FeeFen)));
        Assert.Equal(refunds, rows.Where(row => row.IsRefund)
            .Select(row => (row.OutRefundNo!, row.RefundId!, row.OutTradeNo, row.RefundAppliedFen, row.RefundFen, row.FeeFen, row.RefundState)));
        Assert.All(rows, row => Assert.Equal(TimeSpan.FromHours(8), row.TradeTime.Offset));
        Assert.Equal("物业费-阳光花园3栋2单元1801-2026年11月", rows[0].Description);
        Assert.Contains(rows, row => row.Description.Contains(',', StringComparison.Ordinal));
        Assert.DoesNotContain(rows, row => row.Description.Contains('\\', StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_three_kinds_of_one_day_tell_the_same_payments_and_refunds()
    {
        var (all, _) = await Trade(VectorFile.Bytes("bills/tradebill_2026-11-22_ALL.csv"));
        var (paid, _) = await Trade(VectorFile.Bytes("bills/tradebill_2026-11-22_SUCCESS.csv"));
        var (refunded, _) = await Trade(VectorFile.Bytes("bills/tradebill_2026-11-22_REFUND.csv"));

        Assert.Equal(all.Where(row => !row.IsRefund).Select(row => row with { Line = 0 }), paid.Select(row => row with { Line = 0 }));
        Assert.Equal(all.Where(row => row.IsRefund).Select(row => row with { Line = 0 }),
            refunded.Select(row => row with { Line = 0, RefundAppliedAt = null, RefundSucceededAt = null }));
        Assert.All(refunded, row => Assert.Equal(row.RefundState == "SUCCESS", row.RefundSucceededAt is not null));
    }

    [Fact]
    public async Task The_fund_flow_leads_from_the_opening_to_the_closing_balance()
    {
        var bill = BillReader.FundFlow(new MemoryStream(VectorFile.Bytes("bills/fundflowbill_2026-11-22_BASIC.csv")));
        Assert.True(Yuan.TryFen(Expected.Text("opening_balance_yuan"), out var balance));
        await foreach (var row in bill.RowsAsync())
        {
            balance += row.IsIncome ? row.AmountFen : -row.AmountFen;
            Assert.Equal(balance, row.BalanceFen);
        }
        Assert.True(Yuan.TryFen(Expected.Text("closing_balance_yuan"), out var closing));
        Assert.Equal(closing, balance);
        Assert.True(bill.IsComplete);
    }

    // What went wrong for others: see the names. Columns differ by kind, an empty bill broke the parser, the summary was booked as a trade.
    [Fact]
    public async Task A_day_without_business_is_an_empty_bill_and_not_a_broken_parser()
    {
        var (rows, bill) = await Trade($"{AllHeader}\n{AllSummary}\n`0,`0.00,`0.00,`0.00,`0.00000,`0.00,`0.00\n");

        Assert.Empty(rows);
        Assert.True(bill.IsComplete);
    }

    [Fact]
    public async Task A_bill_whose_columns_stand_in_another_order_with_new_ones_between_is_read_by_name()
    {
        string Turn(string line) => string.Join(",", line.Split(',').Reverse().Append(line[0] == '`' ? "`new" : "新列"));

        var (rows, bill) = await Trade($"{Turn(AllHeader)}\r\n{Turn(Payment)}\r\n{Turn(AllSummary)}\r\n{Turn(PaymentSummary)}");

        Assert.Null(bill.Fault);
        var row = rows.Single();
        Assert.Equal((28650, 172, "OP1", "物业费"), (row.OrderFen, row.FeeFen!.Value, row.OutTradeNo, row.Description));
    }

    [Fact]
    public async Task A_very_old_merchants_bill_without_the_newer_columns_is_read()
    {
        var (rows, bill) = await Trade("交易时间,微信订单号,商户订单号,交易状态,总金额,企业红包金额,微信退款单号,商户退款单号,退款金额,商品名称,手续费\n"
            + "`2019-01-02 03:04:05,`42,`OP1,`SUCCESS,`10.00,`1.00,`0,`0,`0.00,`甲\\ 乙\\n丙,`0.06000\n总交易单数,手续费总金额\n`1,`0.06000\n");

        Assert.Null(bill.Fault);
        Assert.Equal((1000, 1000, 100, "甲,乙\n丙"), (rows[0].OrderFen, rows[0].SettlementFen, rows[0].CouponFen, rows[0].Description));
    }

    [Theory]
    [InlineData("", BillFaultKind.NoContent)]
    [InlineData("<html>", BillFaultKind.UnknownHeader)]
    [InlineData("""{"code":"NO_STATEMENT_EXIST","message":"账单不存在"}""", BillFaultKind.UnknownHeader)]
    [InlineData(AllHeader + ",商户号", BillFaultKind.UnknownHeader)]
    [InlineData(AllHeader, BillFaultKind.NoSummary)]
    [InlineData(AllHeader + "\n" + Payment, BillFaultKind.NoSummary)]
    [InlineData(AllHeader + "\n" + Payment + "\n" + AllSummary, BillFaultKind.NoSummary)]
    [InlineData(AllHeader + "\n" + Payment + "\n" + AllSummary + "\n`2,`286.50,`0.00,`0.00,`1.72000,`286.50,`0.00", BillFaultKind.SummaryMismatch)]
    [InlineData(AllHeader + "\n" + Payment + "\n" + AllSummary + "\n`1,`286.50,`0.00,`0.00,`1.72000,`286.51,`0.00", BillFaultKind.SummaryMismatch)]
    [InlineData(AllHeader + "\n" + Payment + "\n" + AllSummary + "\n`1,`286.50,`0.00,`0.00,`1.72001,`286.50,`0.00", BillFaultKind.SummaryMismatch)]
    [InlineData(AllHeader + "\n" + Payment + "\n" + AllSummary + "\n`x,`286.50,`0.00,`0.00,`1.72000,`286.50,`0.00", BillFaultKind.BadValue)]
    [InlineData(AllHeader + "\n" + Payment + "\n" + AllSummary + "\n`1,`286.50,`0.00,`,`1.72000,`286.50,`0.00", BillFaultKind.BadValue)]
    [InlineData(AllHeader + "\n" + Payment + ",`\n" + AllSummary + "\n" + PaymentSummary, BillFaultKind.RaggedLine)]
    [InlineData(AllHeader + "\n" + Payment + "\n" + AllSummary + "\n" + PaymentSummary + "\n" + Payment, BillFaultKind.AfterSummary)]
    public async Task A_bill_that_is_cut_off_or_does_not_add_up_is_not_used(string text, BillFaultKind expected)
    {
        var (_, bill) = await Trade(text);

        Assert.Equal(expected, bill.Fault?.Kind);
        Assert.False(bill.IsComplete);
    }

    [Theory]
    [InlineData("`286.50,`0.00,`0,`0", "`286.505,`0.00,`0,`0", "应结订单金额")]
    [InlineData("`286.50,`0.00,`0,`0", "`,`0.00,`0,`0", "应结订单金额")]
    [InlineData("`286.50,`0.00,`0,`0", "`1e3,`0.00,`0,`0", "应结订单金额")]
    [InlineData("`2026-11-22 00:03:12", "`2026-11-32 00:03:12", "交易时间")]
    [InlineData("`2026-11-22 00:03:12", "`", "交易时间")]
    [InlineData("`1.72000", "`1.720000", "手续费")]
    public async Task A_value_that_is_no_amount_or_time_is_named_by_line_and_column(string good, string bad, string column)
    {
        var second = Payment.Replace(good, bad, StringComparison.Ordinal);
        var (rows, bill) = await Trade($"{AllHeader}\n{Payment}\n{second}\n{AllSummary}\n{PaymentSummary}");

        Assert.Single(rows);
        Assert.Equal((BillFaultKind.BadValue, 3, column), (bill.Fault!.Kind, bill.Fault.Line, bill.Fault.Column));
    }

    [Fact]
    public async Task A_bill_in_another_encoding_is_refused_instead_of_read_as_rubbish()
    {
        var (_, bill) = await Trade([.. Encoding.UTF8.GetBytes(AllHeader), (byte)'\n', 0xff, 0xfe, 0xc3, 0x28]);

        Assert.Equal(BillFaultKind.NotUtf8, bill.Fault?.Kind);
    }

    [Fact]
    public async Task A_fund_flow_line_that_is_neither_income_nor_expense_is_refused()
    {
        var text = Encoding.UTF8.GetString(VectorFile.Bytes("bills/fundflowbill_2026-11-22_BASIC.csv"));
        var at = text.IndexOf("`收入", StringComparison.Ordinal);
        var bill = BillReader.FundFlow(new MemoryStream(Encoding.UTF8.GetBytes(text[..at] + "`冻结" + text[(at + 3)..])));

        Assert.Empty(await bill.RowsAsync().ToListAsync());
        Assert.Equal("收支类型", bill.Fault?.Column);
    }

    [Theory]
    [InlineData("0.01", 1L, 1_000L)]
    [InlineData("286.50", 28650L, 28_650_000L)]
    [InlineData("-1.56000", -156L, -156_000L)]
    [InlineData("7", 700L, 700_000L)]
    [InlineData("0.00001", null, 1L)]
    [InlineData("99999999999.99", 9_999_999_999_999L, 9_999_999_999_999_000L)]
    [InlineData("", null, null)]
    [InlineData("-", null, null)]
    [InlineData("1.", null, null)]
    [InlineData(".5", null, null)]
    [InlineData("1,000.00", null, null)]
    [InlineData(" 1.00", null, null)]
    [InlineData("+1.00", null, null)]
    [InlineData("1.000000", null, null)]
    [InlineData("100000000000.00", null, null)]
    [InlineData("１.00", null, null)]
    public void Yuan_become_fen_exactly_or_not_at_all(string yuan, long? fen, long? thousandths)
    {
        Assert.Equal(fen, Yuan.TryFen(yuan, out var f) ? f : null);
        Assert.Equal(thousandths, Yuan.TryMilliFen(yuan, out var t) ? t : null);
    }
}

static class BillNumbers
{
    public static long Fen(this JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
