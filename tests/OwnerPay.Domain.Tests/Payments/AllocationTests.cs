using CsCheck;
using OwnerPay.Domain.Payments;

namespace OwnerPay.Domain.Tests.Payments;

public sealed class AllocationTests
{
    static readonly Gen<OpenBill[]> Bills = Gen.Select(Gen.Int[0, 4], Gen.Long[0, 3_000], Gen.Long[0, 90_000].Array[0, 4]).Array[0, 6].Select(drawn =>
        drawn.Select((bill, index) => new OpenBill($"B{index}", new DateOnly(2026, 1, 31).AddMonths(bill.Item1),
            [.. bill.Item3.Select((fen, line) => new OpenLine($"B{index}-L{line}", new(fen)))], new(bill.Item2))).ToArray());

    [Fact]
    public void What_is_booked_and_what_is_kept_for_later_are_the_payment() =>
        Gen.Select(Gen.Enum<AllocationOrder>(), Gen.Long[0, 600_000], Bills).Sample((order, amount, bills) =>
        {
            var result = Allocation.Of(order, new(amount), bills);
            var open = bills.Sum(bill => bill.LateFee.Value + bill.Lines.Sum(line => line.Open.Value));

            Assert.Equal(amount, (result.Entries.Select(entry => entry.Amount).Sum() + result.Prepaid).Value);
            Assert.Equal(Math.Max(0, amount - open), result.Prepaid.Value);
            Assert.All(result.Entries, entry => Assert.True(entry.Amount > Fen.Zero));
            Assert.All(result.Entries.SkipLast(1), entry => Assert.Equal(OpenOf(entry, bills), entry.Amount));
            var byDueDate = bills.OrderBy(bill => bill.Due).ThenBy(bill => bill.Id, StringComparer.Ordinal).Select(bill => bill.Id).ToList();
            Assert.Equal(result.Entries.OrderBy(entry => byDueDate.IndexOf(entry.Bill)), result.Entries);
        });

    static Fen OpenOf(AllocationEntry entry, OpenBill[] bills)
    {
        var bill = bills.Single(bill => bill.Id == entry.Bill);
        return entry.To == AllocatedTo.LateFee ? bill.LateFee : bill.Lines.Single(line => line.Id == entry.Id).Open;
    }

    [Fact]
    public void Nothing_received_books_nothing_and_money_without_a_bill_is_prepaid()
    {
        Assert.Empty(Allocation.Of(AllocationOrder.LawOrder, Fen.Zero, [new("B1", default, [], new(5))]).Entries);
        Assert.Equal(new Fen(5), Allocation.Of(AllocationOrder.LawOrder, new(5), []).Prepaid);
    }
}
