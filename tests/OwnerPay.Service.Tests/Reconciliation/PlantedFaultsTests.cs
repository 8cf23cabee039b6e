using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.WeChat.Pay;
using RefundState = OwnerPay.Service.Payments.RefundState;
using Row = System.Collections.Generic.Dictionary<string, string>;

namespace OwnerPay.Service.Tests.Reconciliation;

/// <summary>Mistakes of every kind, planted by a seed into WeChat's bills of otherwise right days.</summary>
public sealed class PlantedFaultsTests(Servers servers)
{
    const int Houses = 24;
    static readonly string[] Months = ["2026-08", "2026-09", "2026-10", "2026-11", "2026-12"];

    // What an auditor would do: hide mistakes in the bills and see whether finance is told of each, of the right one, and of nothing else.
    [Theory, EachDatabase]
    public async Task Of_more_than_eighty_planted_faults_finance_is_told_of_every_one_by_its_right_cause_and_of_none_that_is_not_there(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), "--OwnerPay:JobPace=0.05");
        var estate = await Estate.Create(installation, Houses);
        await estate.SetTariffs();
        foreach (var month in Months) await estate.IssueBills($"{month}-01", $"{month}-{DateTime.DaysInMonth(2026, int.Parse(month[5..], CultureInfo.InvariantCulture))}");
        var owners = await estate.SignInAll();
        var (seed, planted, kinds) = (new Random(20_261_210), 0, new HashSet<string>());

        for (var round = 0; round < Months.Length; round++)
        {
            var day = new DateOnly(2026, 12, 10).AddDays(round);
            var payers = round < 3 ? owners : owners[..3];
            var orders = await PayOne(payers);
            if (round < 3) await Refund(estate, orders[..6]);
            installation.Clock.MoveTo(Mornings.At($"{day.AddDays(1):yyyy-MM-dd}", "10:05"));    // bills are made, the schedule has not come yet
            var bills = new Planting(estate, day, seed, await Download(estate, day, fundFlow: false), await Download(estate, day, fundFlow: true));

            if (round == 0) planted += await bills.BrokenFiles(kinds);
            var expected = round switch { 3 => bills.WrongFees(), 4 => bills.WrongBalance(), _ => bills.WrongRows() };
            planted += bills.Planted;
            kinds.UnionWith(bills.Kinds);
            await bills.HandOut(round);
            if (round == 1) planted += await bills.BrokenFundFlow(kinds);
            (await estate.Run($"{day:yyyy-MM-dd}")).Done();

            var found = (await estate.Day($"{day:yyyy-MM-dd}"))["differences"].AsArray().Select(d => $"{d!["cause"]} {d["reference"]}");
            Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
            Assert.Empty(await estate.Verify());
            installation.Clock.MoveTo(Mornings.At($"{day.AddDays(1):yyyy-MM-dd}", "20:00"));
        }
        Assert.True(planted >= 80 && kinds.Count >= 12, $"{planted} faults of {kinds.Count} kinds: {string.Join(' ', kinds.Order(StringComparer.Ordinal))}");
    }

    /// <summary>Each pays his oldest bill.</summary>
    static async Task<List<Guid>> PayOne(IReadOnlyList<TestOwner> owners)
    {
        var orders = new List<Guid>();
        foreach (var owner in owners)
        {
            var order = (await owner.Checkout([(await owner.OpenBillIds())[0]])).Done()["orderId"].GetValue<Guid>();
            await owner.TypePassword(order);
            orders.Add(order);
        }
        foreach (var (owner, order) in owners.Zip(orders)) await owner.UntilPaid(order);
        return orders;
    }

    static async Task Refund(Estate estate, IReadOnlyList<Guid> orders)
    {
        var refunds = new List<Guid>();
        foreach (var order in orders) refunds.Add(await estate.Refund(order, 1_000));
        foreach (var refund in refunds) await estate.UntilRefund(refund, RefundState.Done);
    }

    static async Task<string> Download(Estate estate, DateOnly day, bool fundFlow)
    {
        var services = estate.Installation.Services;
        var account = await estate.Installation.Db(db => db.Set<MerchantAccount>().SingleAsync(m => m.CommunityId == estate.CommunityId));
        var (pay, merchant) = (services.GetRequiredService<PayClient>(), await services.GetRequiredService<MerchantKeys>().Get(account.Id, default));
        var ticket = fundFlow
            ? await pay.ApplyFundFlowBillAsync(merchant.Credentials, day, FundFlowAccount.Basic, default)
            : await pay.ApplyTradeBillAsync(merchant.Credentials, day, TradeBillKind.All, default);
        using var plain = new MemoryStream();
        Assert.True((await pay.DownloadBillAsync(merchant.Credentials, ticket.Value!, plain, default)).IsSuccess);
        return Encoding.UTF8.GetString(plain.ToArray());
    }

    /// <summary>The two bills of a day while faults are planted in them.</summary>
    sealed class Planting(Estate estate, DateOnly day, Random seed, string tradeText, string flowText)
    {
        readonly BillText trade = new(tradeText), flow = new(flowText);
        readonly List<string> expected = [];
        readonly HashSet<string> used = [];
        int invented;

        public int Planted { get; private set; }

        public HashSet<string> Kinds { get; } = [];

        /// <summary>Faults in single rows, each in a row of its own.</summary>
        public IReadOnlyList<string> WrongRows()
        {
            Trade("amount-high", row => { Set(row, "订单金额", 1.23m); return $"amount {row["微信订单号"]}"; });
            Trade("amount-low", row => { Set(row, "订单金额", -0.01m); return $"amount {row["微信订单号"]}"; });
            Trade("fee-high", row => { Set(row, "手续费", 0.05m); return $"fee {row["微信订单号"]}"; });
            Trade("fee-none", row => { row["手续费"] = "0.00000"; return $"fee {row["微信订单号"]}"; });
            Trade("missing", row => { trade.Rows.Remove(row); return $"paidHereMissingThere {row["微信订单号"]}"; });
            Trade("missing", row => { trade.Rows.Remove(row); return $"paidHereMissingThere {row["微信订单号"]}"; });
            Trade("doubled", row => { trade.Rows.Insert(trade.Rows.IndexOf(row), new Row(row)); return $"twice {row["微信订单号"]}"; });
            Trade("doubled-far", row => { trade.Rows.Add(new Row(row)); return $"twice {row["微信订单号"]}"; });
            Trade("other-merchant", row => { row["商户号"] = "1900000109"; return $"otherMerchant {row["微信订单号"]}"; });
            Trade("revoked", row => { row["交易状态"] = "REVOKED"; return $"refundState {row["微信订单号"]}"; });
            Trade("other-order", row => { row["商户订单号"] = Guid.CreateVersion7().ToString("N"); return $"unknownOrder {row["微信订单号"]}"; });
            Extra("unknown-order", row => { row["商户订单号"] = "NOBODYS" + Number(); return $"unknownOrder {row["微信订单号"]}"; });
            Extra("unknown-order", row => { row["商户订单号"] = Guid.CreateVersion7().ToString("N"); return $"unknownOrder {row["微信订单号"]}"; });
            Extra("order-twice", row => $"twice {row["微信订单号"]}");
            OfRefund("refund-missing", row => { trade.Rows.Remove(row); return $"refundMissingThere {row["微信退款单号"]}"; });
            OfRefund("refund-doubled", row => { trade.Rows.Add(new Row(row)); return $"twice {row["微信退款单号"]}"; });
            OfRefund("refund-amount", row => { Set(row, "申请退款金额", 0.50m); return $"amount {row["微信退款单号"]}"; });
            OfRefund("refund-state", row => { row["退款状态"] = "FAIL"; return $"refundState {row["微信退款单号"]}"; });
            OfRefund("refund-unknown", row =>
            {
                var other = new Row(row) { ["微信退款单号"] = "5030" + Number(), ["商户退款单号"] = "R" + Number() };
                trade.Rows.Add(other);
                return $"unknownRefund {other["微信退款单号"]}";
            });
            Flow("flow-missing", row => { flow.Rows.Remove(row); return $"flowMissing {row["微信支付业务单号"]}"; });
            Flow("flow-amount", row => { Set(row, "收支金额(元)", 0.10m); return $"flowAmount {row["微信支付业务单号"]}"; });
            Flow("flow-doubled", row => { flow.Rows.Insert(flow.Rows.IndexOf(row), new Row(row)); return $"flowTwice {row["微信支付业务单号"]}"; });
            Flow("flow-unknown", row =>
            {
                var other = new Row(row) { ["微信支付业务单号"] = Number(), ["资金流水单号"] = Number(), ["业务名称"] = "分账", ["业务类型"] = "分账", ["收支类型"] = "支出" };
                flow.Rows.Add(other);
                return $"flowUnknown {other["资金流水单号"]}";
            });
            return expected;
        }

        /// <summary>The fund flow took another fee than the trade bill says.</summary>
        public IReadOnlyList<string> WrongFees()
        {
            var row = flow.Rows.First(r => r["业务类型"] == "扣除交易手续费");
            Set(row, "收支金额(元)", 0.02m);
            Note("flow-fee", $"flowFee {day:yyyy-MM-dd}");
            return expected;
        }

        /// <summary>The balance jumps without a movement.</summary>
        public IReadOnlyList<string> WrongBalance()
        {
            Set(flow.Rows[^1], "账户结余(元)", 3.00m);
            Note("flow-balance", $"flowBalance {day:yyyy-MM-dd}");
            return expected;
        }

        void Trade(string kind, Func<Row, string> plant) => Note(kind, plant(Pick(trade.Rows.Where(row => row["商户退款单号"] == "0"), "微信订单号")));

        void OfRefund(string kind, Func<Row, string> plant) => Note(kind, plant(Pick(trade.Rows.Where(row => row["商户退款单号"] != "0"), "微信退款单号")));

        void Flow(string kind, Func<Row, string> plant) => Note(kind, plant(Pick(flow.Rows.Where(row => row["业务类型"] == "交易"), "微信支付业务单号")));

        /// <summary>A row more, of a payment that nobody knows.</summary>
        void Extra(string kind, Func<Row, string> plant)
        {
            var row = new BillText(tradeText).Rows.First(r => r["商户退款单号"] == "0");
            row["微信订单号"] = "4200" + Number();
            trade.Rows.Insert(seed.Next(trade.Rows.Count), row);
            Note(kind, plant(row));
        }

        /// <summary>A row that no other fault has touched.</summary>
        Row Pick(IEnumerable<Row> rows, string number)
        {
            var left = rows.Where(row => !used.Contains(row[number])).ToList();
            var row = left[seed.Next(left.Count)];
            used.Add(row[number]);
            return row;
        }

        void Note(string kind, string difference)
        {
            Planted++;
            Kinds.Add(kind);
            expected.Add(difference);
        }

        string Number() => string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMMdd}{seed.Next(100_000_000):D8}{++invented:D8}");

        static void Set(Row row, string column, decimal more) => row[column] =
            (decimal.Parse(row[column], CultureInfo.InvariantCulture) + more).ToString(column == "手续费" ? "0.00000" : "0.00", CultureInfo.InvariantCulture);

        /// <summary>The bills as planted, in a form that a reader must bear: with a mark at the start, with other line ends, columns or rows in another order.</summary>
        public async Task HandOut(int round)
        {
            var text = round switch { 1 => trade.Reordered(seed).ToString(), 2 => Reversed(), _ => trade.ToString() };
            if (round == 0) text = "\uFEFF" + text.Replace("\n", "\r\n", StringComparison.Ordinal);
            await Put("trade", Encoding.UTF8.GetBytes(text));
            await Put("fundFlow", Encoding.UTF8.GetBytes(flow.ToString()));
        }

        string Reversed()
        {
            trade.Rows.Reverse();
            return trade.ToString();
        }

        /// <summary>Files that must not be believed at all.</summary>
        public async Task<int> BrokenFiles(HashSet<string> kinds)
        {
            var (count, lines) = (0, tradeText.TrimEnd('\n').Split('\n'));
            string With(int at, string line) => string.Join('\n', [.. lines[..at], line, .. lines[(at + 1)..]]) + "\n";
            (string Kind, byte[] Bytes)[] broken =
            [
                ("cut", Encoding.UTF8.GetBytes(tradeText[..(tradeText.Length / 2)])),
                ("cut", Encoding.UTF8.GetBytes(string.Join('\n', lines[..^1]) + "\n")),
                ("cut", Encoding.UTF8.GetBytes(string.Join('\n', lines[..^2]) + "\n")),
                ("empty", []),
                ("encoding", Encoding.Latin1.GetBytes("\u00BD\u00BB\u00D2\u00D7,\u00CE\u00A2\n" + tradeText)),
                ("encoding", Encoding.UTF32.GetBytes(tradeText)),
                ("web-page", Encoding.UTF8.GetBytes("<html><body>系统繁忙</body></html>")),
                ("column-unknown", Encoding.UTF8.GetBytes(With(0, lines[0].Replace("微信订单号", "订单号", StringComparison.Ordinal)))),
                ("column-twice", Encoding.UTF8.GetBytes(With(0, lines[0].Replace("商户数据包", "手续费", StringComparison.Ordinal)))),
                ("field-missing", Encoding.UTF8.GetBytes(With(1, lines[1][..lines[1].LastIndexOf(',')]))),
                ("field-more", Encoding.UTF8.GetBytes(With(2, lines[2] + ",`"))),
                ("no-backtick", Encoding.UTF8.GetBytes(With(2, lines[2].Replace(",`CNY", ",CNY", StringComparison.Ordinal)))),
                ("no-amount", Encoding.UTF8.GetBytes(With(1, lines[1].Replace("`CNY,`", "`CNY,`x", StringComparison.Ordinal)))),
                ("no-time", Encoding.UTF8.GetBytes(With(1, "`2026-13" + lines[1][8..]))),
                ("summary-count", Encoding.UTF8.GetBytes(With(lines.Length - 1, "`9" + lines[^1][1..]))),
                ("summary-sum", Encoding.UTF8.GetBytes(With(lines.Length - 1, lines[^1].Replace(",`", ",`1", StringComparison.Ordinal)))),
                ("row-lost", Encoding.UTF8.GetBytes(string.Join('\n', [.. lines[..3], .. lines[4..]]) + "\n")),
                ("after-summary", Encoding.UTF8.GetBytes(tradeText + lines[1] + "\n")),
            ];
            foreach (var (kind, bytes) in broken) count += await Refused("trade", kind, bytes, null, kinds);
            return count + await Refused("trade", "hash", Encoding.UTF8.GetBytes(tradeText), new string('0', 40), kinds);
        }

        public async Task<int> BrokenFundFlow(HashSet<string> kinds)
        {
            var text = flow.ToString();
            var count = await Refused("fundFlow", "cut", Encoding.UTF8.GetBytes(text[..(text.Length / 3)]), null, kinds)
                + await Refused("fundFlow", "hash", Encoding.UTF8.GetBytes(text), new string('a', 40), kinds)
                + await Refused("fundFlow", "no-amount", Encoding.UTF8.GetBytes(text.Replace("收入", "进账", StringComparison.Ordinal)), null, kinds);
            await Put("fundFlow", Encoding.UTF8.GetBytes(text));
            return count;
        }

        async Task<int> Refused(string file, string kind, byte[] bytes, string? sha1, HashSet<string> kinds)
        {
            await Put(file, bytes, sha1);
            var answer = await estate.Run($"{day:yyyy-MM-dd}");
            Assert.True(answer.Code == "bill_unusable", $"{kind}: {answer.Status} {answer.Body}");
            Assert.Equal("day_not_found", (await estate.Close($"{day:yyyy-MM-dd}")).Code);
            kinds.Add("file-" + kind);
            return 1;
        }

        async Task Put(string kind, byte[] bytes, string? sha1 = null)
        {
            using var content = new ByteArrayContent(bytes);
            using var answer = await estate.Installation.EmulatorHttp.PutAsync($"/admin/bills/{day:yyyy-MM-dd}/{kind}{(sha1 is null ? "" : $"?sha1={sha1}")}", content);
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}");
        }
    }
}
