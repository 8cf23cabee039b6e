using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Documents;

/// <summary>The receipt (收据) that an owner keeps.</summary>
public sealed class ReceiptTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_payer_gets_a_receipt_with_its_number_what_was_paid_and_the_amount_in_words(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var number = await estate.UntilNumbered(owner, order);

        var payment = (await estate.Booked()).Single().Id;
        var pdf = await DocumentSteps.PdfText((await estate.Fetch(owner.Api, owner.OwnerApi($"/payments/{order}/receipt.pdf"))).Done().Body);
        var page = (await estate.Fetch(estate.Cashier, estate.Print($"/payments/{payment}/receipt"))).Done().Text;

        foreach (var words in new[] { number, "250.88", "贰佰伍拾元捌角捌分", "1-1-0001", "微信支付" })
        {
            Assert.Contains(words, pdf, StringComparison.Ordinal);
            Assert.Contains(words, page, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("作废", page, StringComparison.Ordinal);
        Assert.Equal(404, (await estate.Fetch(estate.Cashier, estate.Print($"/payments/{Guid.CreateVersion7()}/receipt"))).Status);
        Assert.Equal(403, (await estate.Fetch(estate.Clerk, estate.Print($"/payments/{payment}/receipt"))).Status);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_receipt_whose_money_went_back_is_stamped_void_keeps_its_number_and_the_old_paper_is_known_as_outdated(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var number = await estate.UntilNumbered(owner, order);
        var before = await DocumentSteps.PdfText((await estate.Fetch(owner.Api, owner.OwnerApi($"/payments/{order}/receipt.pdf"))).Done().Body);
        await estate.UntilRefund(await estate.Refund(order), RefundState.Done);

        var after = await DocumentSteps.PdfText((await estate.Fetch(owner.Api, owner.OwnerApi($"/payments/{order}/receipt.pdf"))).Done().Body);
        var old = (await estate.Finance.Get($"{estate.Path}/papers/{Uri.EscapeDataString(before.Split("校验码")[1].TrimStart()[..19])}")).Done();

        Assert.Contains("作废", after, StringComparison.Ordinal);
        Assert.Contains(number, after, StringComparison.Ordinal);
        Assert.False(old["latest"].GetValue<bool>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Somebody_elses_receipt_does_not_exist(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var (payer, neighbour) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        var order = await payer.PayAll();

        Assert.Equal(404, (await estate.Fetch(neighbour.Api, payer.OwnerApi($"/payments/{order}/receipt.pdf"))).Status);
        Assert.Equal(404, (await estate.Fetch(neighbour.Api, neighbour.OwnerApi($"/payments/{order}/receipt.pdf"))).Status);
    }
}

static class ReceiptSteps
{
    /// <summary>Waits for the receipt's number.</summary>
    public static async Task<string> UntilNumbered(this Estate estate, TestOwner owner, Guid order)
    {
        var number = "";
        await Estate.Eventually(async () =>
        {
            var receipt = (await owner.Api.Get($"{owner.Path}/payments/{order}/receipt")).Done();
            number = receipt["number"].GetValue<string>();
            return receipt["numbered"].GetValue<bool>();
        }, $"the receipt of {estate.Code} is numbered");
        return number;
    }
}
