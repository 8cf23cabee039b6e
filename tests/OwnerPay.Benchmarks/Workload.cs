namespace OwnerPay.Benchmarks;

/// <summary>One measured promise: OwnerPay and its reference, in the same run on the same machine.</summary>
public interface IWorkload
{
    /// <summary><c>P2</c>.</summary>
    string Id { get; }

    string Title { get; }

    Task<Outcome> Run(Bench bench, CancellationToken cancel);
}

/// <summary>What a run was asked for and where it may write.</summary>
/// <param name="Quick">A tenth of the data.</param>
/// <param name="Folder">On a real disk: durability is part of what is measured.</param>
public sealed record Bench(bool Quick, string Folder)
{
    /// <summary>A number of things, or its tenth.</summary>
    public int Scale(int full) => Quick ? full / 10 : full;

    /// <summary>An empty folder of the caller's own; it goes when the run ends.</summary>
    public string NewFolder(string name)
    {
        var folder = Path.Combine(Folder, name);
        Directory.CreateDirectory(folder);
        return folder;
    }

    public static void Say(string text) => Console.Error.WriteLine(text);
}

/// <summary>One measured line.</summary>
/// <param name="What">For example <c>settlements on MariaDB</c>.</param>
/// <param name="Ours">OwnerPay's value, in <paramref name="Unit"/>.</param>
/// <param name="Reference">The reference's value; null where the line has none.</param>
/// <param name="Ratio">Ours to the reference's, as the goal counts it; null where the line has none.</param>
/// <param name="Goal">In words; empty where nothing was promised.</param>
/// <param name="Met">Null where nothing was promised.</param>
public sealed record Line(string What, string Unit, double Ours, double? Reference = null, double? Ratio = null, string Goal = "", bool? Met = null);

/// <summary>What a workload found.</summary>
/// <param name="Differs">What the reference does not do, or does otherwise: the reader's salt.</param>
/// <param name="Broken">Results that are wrong, whatever their speed; the run fails.</param>
public sealed record Outcome(IReadOnlyList<Line> Lines, IReadOnlyList<string> Differs, IReadOnlyList<string> Broken);
