using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Tests.Doors;

/// <summary>What arrives together is worked on together, and nobody pays for it with his own time.</summary>
public sealed class CompanyTests
{
    /// <summary>Doubles numbers without ever waiting, as a database inside the program does.</summary>
    sealed class Doubling(IServiceScopeFactory scopes) : CompanyQueue<int, int>(scopes, lanes: 1, mostTogether: 4)
    {
        public Action Working { get; set; } = () => { };

        protected override Guid KindOf(int item) => Guid.Empty;

        protected override Task<IReadOnlyList<(bool Done, int Answer)>> Together(IServiceProvider services, IReadOnlyList<int> items)
        {
            Working();
            return Task.FromResult<IReadOnlyList<(bool, int)>>([.. items.Select(item => (true, item * 2))]);
        }

        protected override void NotTogether(Exception failure, int count) { /* each waiting task tells it */ }
    }

    [Fact]
    public async Task The_first_of_a_rush_has_his_answer_while_those_behind_him_still_come()
    {
        const int rush = 200;
        await using var services = new ServiceCollection().BuildServiceProvider();
        using var queue = new Doubling(services.GetRequiredService<IServiceScopeFactory>());
        var (cancel, others, allCame) = (TestContext.Current.CancellationToken, new List<Task<int>>(), new TaskCompletionSource());
        using var firstIsAnswered = new ManualResetEventSlim();
        queue.Working = () =>
        {
            // Another one comes while somebody is worked on; the last but one is held up until the first has gone.
            if (others.Count == rush - 2 && !firstIsAnswered.Wait(TimeSpan.FromSeconds(30), cancel)) throw new TimeoutException("The first one still works for the others");
            if (others.Count < rush) others.Add(queue.Run(others.Count + 1));
            if (others.Count == rush) allCame.TrySetResult();
        };

        Assert.Equal(0, await queue.Run(0));
        firstIsAnswered.Set();

        await allCame.Task.WaitAsync(TimeSpan.FromSeconds(60), cancel);
        Assert.Equal(Enumerable.Range(1, rush).Select(number => number * 2), await Task.WhenAll(others));
    }
}
