using CsCheck;
using OwnerPay.Domain.Disclosure;

namespace OwnerPay.Domain.Tests.Disclosure;

public sealed class DisclosureTests
{
    static readonly string[] Houses = ["3-2-1101", "3-2-1102", "12-1-0302", "A-1-301"], Debtors = ["张三", "欧阳建国", "李"];

    [Theory]
    [InlineData("以下业主尚欠物业费：张三", "张三")]
    [InlineData("欠费名单\n一、欧 阳 建 国", "欧阳建国")]
    [InlineData("逾期未缴：3-2-1101", "3-2-1101")]
    [InlineData("３－２－１１０１ 拖欠两年", "３－２－１１０１")]
    [InlineData("请3栋2单元1101室尽快缴清欠款", "3栋2单元1101")]
    [InlineData("三号楼1102逾期", "三号楼1102")]
    [InlineData("催缴通知：12#302", "12#302")]
    [InlineData("a-1-301 已被起诉", "a-1-301")]
    [InlineData("3号楼欠费：1101室、1102室", "1101")]
    public void A_debtor_put_on_show_is_found_however_it_is_written(string text, string found)
    {
        var exposure = DebtExposure.Find(text, Debtors, Houses);

        Assert.NotNull(exposure);
        Assert.StartsWith(found, exposure.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3-2-1101 家中漏水，今天下午停水维修")]                        // a house, and no debt
    [InlineData("请未缴物业费的业主于2026-12-31前缴纳，全小区共有1101户未缴")]    // debt, and nobody
    [InlineData("3号楼缴费率 92.5%，未缴 12 户")]
    [InlineData("逾期将按合同收取违约金，请到1号楼物业服务中心办理")]
    [InlineData("李师傅值班，逾期未取的快递将退回")]                            // one character is no name
    public void A_text_that_exposes_nobody_may_be_published(string text) => Assert.Null(DebtExposure.Find(text, Debtors, Houses));

    [Fact]
    public void Any_house_of_an_estate_is_found_in_a_text_about_debt_in_every_way_to_write_it() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 6], Gen.Int[101, 3399], Gen.OneOf(0, 1, 2, 3, 4)).Sample((building, unit, door, way) =>
        {
            var written = way switch
            {
                0 => $"{building}-{unit}-{door}",
                1 => $"{building}栋{unit}单元{door}室",
                2 => $"{building} 号楼 {unit} 单元 {door}",
                3 => $"{building}#{door}",
                _ => $"{building}幢-{unit:00}－{door}号",
            };
            return DebtExposure.Find($"物业费欠缴公示：{written}，请尽快缴纳", [], [$"{building}-{unit}-{door}"]) is { By: ExposedBy.House }
                && DebtExposure.Find($"{written} 装修已备案", [], [$"{building}-{unit}-{door}"]) is null;
        });

    [Fact]
    public void A_published_ratio_never_stands_for_fewer_than_ten_houses_nor_for_a_building_where_all_owe() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 100]).Array[0, 12].Sample(drawn =>
        {
            var buildings = drawn.Select((b, at) => new BuildingProgress($"{at}号楼", b.Item1, b.Item1 * b.Item2 / 100)).ToList();
            var rows = PublishableProgress.Of(buildings);

            Assert.All(rows, row => Assert.True(row.Houses >= 10 && row.Paid > 0 && row.PerMille <= 1000
                && (row.PerMille < 1000 || row.Paid == row.Houses)));
            if (rows.Count == 0)
            {
                Assert.True(buildings.Sum(b => b.Houses) < 10 || buildings.Sum(b => b.Paid) == 0);
                return;
            }
            Assert.Equal((buildings.Sum(b => b.Houses), buildings.Sum(b => b.Paid)), (rows.Sum(row => row.Houses), rows.Sum(row => row.Paid)));
            Assert.Equal(buildings.Where(b => b.Houses > 0).Select(b => b.Building).Order(StringComparer.Ordinal),
                rows.SelectMany(row => row.Buildings).Order(StringComparer.Ordinal));
            Assert.True(rows.Count(row => row.Buildings.Count > 1) <= 1);
        });

    [Fact]
    public void A_small_building_is_merged_into_the_smallest_large_one() => Assert.Equal(
        [("3号楼", 80, 40), ("1号楼、2号楼", 64, 51)],
        PublishableProgress.Of([new("1号楼", 60, 48), new("2号楼", 4, 3), new("3号楼", 80, 40)])
            .Select(row => (string.Join("、", row.Buildings), row.Houses, row.Paid)));

    [Fact]
    public void Free_places_go_down_the_line_and_never_to_more_people_than_there_are_places() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[1, 6].Array[0, 15]).Sample((free, wishes) =>
        {
            var line = wishes.Select(places => new WaitingSignUp(Guid.CreateVersion7(), places)).ToList();
            var up = WaitingLine.MoveUp(free, line);
            var left = free - line.Where(w => up.Contains(w.Id)).Sum(w => w.Places);

            Assert.True(left >= 0);
            Assert.Equal(line.Where(w => up.Contains(w.Id)).Select(w => w.Id), up);
            Assert.All(line.Where(w => !up.Contains(w.Id)), w => Assert.True(w.Places > left));    // nobody is left behind who would fit
        });

    [Fact]
    public void A_model_payer_paid_every_bill_of_the_period_in_time_and_at_least_one()
    {
        var year = DateRange.Year(2026);
        static DateOnly Day(int month, int day) => new(2026, month, day);
        DueBill inTime = new(Day(3, 31), Day(3, 31), new Fen(100)), late = new(Day(6, 30), Day(7, 1), new Fen(100)),
            open = new(Day(6, 30), null, new Fen(1));

        Assert.True(ModelPayers.Qualifies(year, [inTime]));
        Assert.False(ModelPayers.Qualifies(year, [inTime, late]));
        Assert.False(ModelPayers.Qualifies(year, [inTime, open]));
        Assert.True(ModelPayers.Qualifies(year, [inTime, open with { Worth = new Fen(0) }]));    // taken back altogether
        Assert.True(ModelPayers.Qualifies(year, [inTime, open with { Due = new(2027, 1, 31) }]));
        Assert.False(ModelPayers.Qualifies(year, []));
    }

    [Fact]
    public void Who_is_missing_from_a_list_of_model_payers_cannot_be_told_by_his_building() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 200]).Sample((houses, shown) =>
        !ModelPayers.BuildingMayBeNamed(houses, shown) || houses >= 10 && houses - shown >= 5 && houses - shown >= shown);

    [Theory]
    [InlineData("请打我电话13812345678谢谢", "请打我电话****谢谢")]
    [InlineData("138-1234-5678", "****")]
    [InlineData("身份证31010119900101123X", "身份证****")]
    [InlineData("3栋2单元1101室太吵", "****室太吵")]
    [InlineData("楼上3-2-1201装修", "楼上****装修")]
    [InlineData("室12－595栋号-张号-72室－77-64835－X", "室****栋号-张号-****室－****－X")]
    [InlineData("张三丰乱停车沪A12345", "****乱停车****")]
    [InlineData("微信号：abc_12345", "微信号：****")]
    [InlineData("写信到 a.b@example.com", "写信到 ****")]
    [InlineData("2026年12月31日前修好3台电梯，满意度 4-5 分", "2026年12月31日前修好3台电梯，满意度 4-5 分")]
    public void What_names_a_person_is_masked_and_the_rest_stays(string text, string masked) =>
        Assert.Equal(masked, FreeText.Masked(text, ["张三", "张三丰", "王"]));

    [Fact]
    public void No_long_number_survives_and_masking_twice_changes_nothing() =>
        Gen.String[Gen.Char["0123456789-－ 室号楼栋张三aX@.，"], 0, 60].Sample(text =>
        {
            var masked = FreeText.Masked(text, ["张三"]);
            Assert.DoesNotMatch("[0-9]{7}", masked);
            Assert.DoesNotContain("张三", masked, StringComparison.Ordinal);
            Assert.Equal(masked, FreeText.Masked(masked, ["张三"]));
        });
}
