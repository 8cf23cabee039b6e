using System.Text.Json.Nodes;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Collection;

/// <summary>Owners hear of what becomes of their dispute, and of a part of their plan before it is missed.</summary>
public sealed class CollectionMessageTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task An_owner_hears_of_the_answer_to_his_dispute_of_its_end_and_of_a_part_before_he_misses_it(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        var (owner, bill) = await estate.NineDaysLate();
        await estate.AllowParts();
        await estate.SetTemplates();
        var dispute = (await owner.Dispute(bill)).Done()["disputeId"].GetValue<Guid>();
        await estate.Remind("bill.reminder.second");    // not while it is disputed
        (await estate.Clerk.Post($"{estate.Path}/disputes/{dispute}/answer", new { answer = "正在核对房产证面积" })).Done();
        Assert.Contains("正在核对房产证面积", Body(await Told(owner, "dispute.answered")), StringComparison.Ordinal);
        (await estate.CloseDispute(dispute, "rejected")).Done();
        Assert.Contains("异议不成立", (await Told(owner, "dispute.closed"))["title"]!.GetValue<string>(), StringComparison.Ordinal);

        var plan = await estate.Plan(bill, 5, ("2027-01-10", 10_000), ("2027-02-10", 15_088));
        estate.Sleep(17);    // 6 January
        Assert.DoesNotContain(await owner.Inbox(), item => item["kind"]!.GetValue<string>() == "plan.part-due");
        estate.Sleep(1);
        await Estate.Eventually(async () => (await owner.Inbox()).Any(item => item["kind"]!.GetValue<string>() == "plan.part-due"),
            "he is reminded of the first part");
        Assert.Contains("100.00", Body(await Told(owner, "plan.part-due")), StringComparison.Ordinal);
        var first = await Told(owner, "plan.part-due");
        Assert.Equal(204, (await owner.Api.Post($"{owner.Path}/messages/{first["id"]!.GetValue<Guid>()}/acknowledge")).Status);
        Assert.True((await Told(owner, "plan.part-due"))["acknowledged"]!.GetValue<bool>());
        await owner.PayPart(bill, 10_000);
        estate.Sleep(31);    // 7 February
        await Estate.Eventually(async () => (await owner.Inbox()).Count(item => item["kind"]!.GetValue<string>() == "plan.part-due") == 2,
            "and of the second");

        Assert.NotEqual(Guid.Empty, plan);
        Assert.All(await estate.Deliveries("bill.reminder.second"), d => Assert.NotEqual(DeliveryState.Sent, d.State));
        await estate.Clean();
    }

    static string Body(JsonNode item) => item["body"]!.GetValue<string>();

    static async Task<JsonNode> Told(TestOwner owner, string kind) => (await owner.Inbox()).First(item => item["kind"]!.GetValue<string>() == kind);
}
