namespace OwnerPay.Service.Verbs;

/// <summary>A command of the command line.</summary>
/// <param name="Usage">How to call it, for people, in Chinese.</param>
/// <param name="Run">Given what follows the name; returns the exit code, 0 only when all is well.</param>
public sealed record Verb(string Name, string Usage, Func<string[], CancellationToken, Task<int>> Run);

/// <summary>All verbs. Without one of these names the service serves.</summary>
public static class VerbList
{
    static readonly Verb[] All = [ImportVerb.Verb, WriteContracts.Verb];

    /// <summary>The verb that the arguments begin with; null when the service shall serve.</summary>
    public static Verb? Find(string[] args) => args is [var name, ..] ? Array.Find(All, verb => verb.Name == name) : null;
}
