using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>A flow of money to be broken off at each of its steps.</summary>
/// <param name="Name">As it is shown among the tests.</param>
/// <param name="Prepare">Brings a fresh estate to where the flow begins, and returns the flow: what one client does, under one key, at any host. It answers
/// the status, 0 where nobody answered.</param>
public sealed record MoneyFlow(string Name, Func<Estate, Task<Func<Host, Task<int>>>> Prepare)
{
    public int Houses { get; init; } = 1;

    /// <summary>False where the jobs of the next host would do more than the flow.</summary>
    public bool Jobs { get; init; } = true;

    /// <summary>Tables in which a repetition may leave more rows than a single go: notes of attempts.</summary>
    public IReadOnlySet<string> Except { get; init; } = new HashSet<string>();

    /// <summary>False where a job does it or another day must come: a process of its own cannot be told to.</summary>
    public bool Killable { get; init; } = true;

    /// <summary>True where another day must come: nobody else may live on its calendar.</summary>
    public bool Travels { get; init; }
}
