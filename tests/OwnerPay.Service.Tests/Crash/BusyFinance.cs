using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash;

/// <summary>Finance and manager who give money back while owners go on paying: whole payments, parts, and second parts of the same payment.</summary>
public sealed class BusyFinance(Estate estate, int seed)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    readonly Random random = new(seed);
    readonly HashSet<Guid> seen = [];

    public async Task Work(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            foreach (var payment in (await estate.Booked()).Where(payment => seen.Add(payment.Id)))
                switch (random.Next(5))
                {
                    case 0:
                        await GiveBack(payment, null);
                        break;
                    case 1:
                        await GiveBack(payment, random.NextInt64(1, payment.TotalFen));
                        break;
                    case 2:
                        await GiveBack(payment, random.NextInt64(1, payment.TotalFen / 2));
                        await GiveBack(payment, random.NextInt64(1, payment.TotalFen / 3));
                        break;
                    default:
                        break;    // stays paid
                }
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    async Task GiveBack(Payment payment, long? fen)
    {
        var asked = await estate.RequestRefund(payment.OrderId!.Value, fen, payment.Id);
        if (asked.Status == 409) return;    // its prepaid money was used meanwhile
        var approval = $"{estate.Path}/approvals/{asked.Done()["approvalId"].GetValue<Guid>()}/";
        var decided = await estate.Manager.Post(approval + "approve", new { note = "同意" });
        if (decided.Status == 409) (await estate.Manager.Post(approval + "reject", new { note = "预存余额已用" })).Done();
        else decided.Done();
    }
}
