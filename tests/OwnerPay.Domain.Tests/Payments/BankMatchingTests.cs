using CsCheck;
using OwnerPay.Domain.Payments;

namespace OwnerPay.Domain.Tests.Payments;

public sealed class BankMatchingTests
{
    static readonly BankPayer Wang = new("wang", "3-2-1101", TransferCode.Of(202_600_001), ["王小明"], [new(25_088), new(50_176)], Current: true);
    static readonly BankPayer Li = new("li", "3-2-1102", TransferCode.Of(202_600_002), ["李强", "张梅"], [new(25_088)], Current: true);
    static readonly BankPayer Before = new("before", "3-2-1101", null, ["赵前业主"], [new(9_900)], Current: false);
    static readonly BankMatching Matching = new([Wang, Li, Before]);

    static BankMatched For(string memo = "", string reference = "", string name = "", long fen = 100) =>
        Matching.For(new(new(fen), reference, memo, name));

    [Theory]
    [InlineData("物业费 WY2026000014", "")]
    [InlineData("ｗｙ２０２６０００ ０１４ 谢谢", "")]
    [InlineData("", "WY2026000014")]
    [InlineData("3-2-1102 WY2026000014", "")]    // the exact reference goes before a house code
    public void A_transfer_code_in_memo_or_reference_is_believed(string memo, string reference) =>
        Assert.Equal(new BankMatched(BankMatch.Reference, "wang"), For(memo, reference));

    [Theory]
    [InlineData("WY2026000011")]    // the last digit does not prove the others
    [InlineData("WY20260000140")]   // more digits than a code has
    [InlineData("WY9999999999")]    // right, but nobody's
    public void A_code_that_is_mistyped_or_nobodys_is_none(string memo) => Assert.Equal(new BankMatched(BankMatch.None, null), For(memo));

    [Fact]
    public void Two_codes_in_one_memo_are_for_a_person_to_sort_out() => Assert.Equal(BankMatch.None, For("WY2026000014 和 WY2026000022").Match);

    [Theory]
    [InlineData("3-2-1101物业费")]
    [InlineData("３－２－１１０１　１２月")]
    [InlineData("3栋2单元1101室 王")]
    public void A_house_code_names_the_party_that_owes_now(string memo) => Assert.Equal(new BankMatched(BankMatch.HouseCode, "wang"), For(memo));

    [Theory]
    [InlineData("13-2-1101")]
    [InlineData("3-2-11011")]
    [InlineData("3-2-1101-5")]
    [InlineData("3-2-1101、3-2-1102")]
    public void A_code_of_another_house_or_of_two_houses_is_not_guessed(string memo) => Assert.Equal(BankMatch.None, For(memo).Match);

    [Fact]
    public void Name_and_amount_count_only_together_and_only_where_they_fit_one_party()
    {
        Assert.Equal(new BankMatched(BankMatch.AmountAndName, "wang"), For(name: " 王小 明", fen: 50_176));
        Assert.Equal(new BankMatched(BankMatch.AmountAndName, "li"), For(name: "张梅", fen: 25_088));
        Assert.Equal(BankMatch.None, For(name: "王小明", fen: 25_089).Match);
        Assert.Equal(BankMatch.None, For(name: "李强", fen: 50_176).Match);
        var twins = new BankMatching([Wang, Li with { Names = ["王小明"] }]);
        Assert.Equal(BankMatch.None, twins.For(new(new(25_088), "", "", "王小明")).Match);
    }

    [Fact]
    public void Every_code_is_found_again_and_no_single_wrong_digit_passes() =>
        Gen.Select(Gen.Long[0, 999_999_999], Gen.Int[2, 11], Gen.Int[1, 9]).Sample((number, at, by) =>
        {
            var code = TransferCode.Of(number);
            Assert.Equal([code], TransferCode.In($"转账{code}，物业"));
            var digits = code.ToCharArray();
            digits[at] = (char)('0' + (digits[at] - '0' + by) % 10);
            Assert.Empty(TransferCode.In(new string(digits)));
        });
}
