namespace OwnerPay.WeChatEmulator.Trouble;

/// <summary>The faults that are still to strike, in the order in which they were asked for, and the random mix. A restart forgets them, but for
/// those of the scenario file, which begins anew.</summary>
sealed class FaultList
{
    readonly Lock gate = new();
    readonly List<Fault> pending = [];
    readonly Dictionary<FaultKind, int> struck = [];
    readonly Dictionary<FaultKind, long> draws = [];
    Chaos? chaos;

    /// <summary>Keeps the usual case, no faults at all, free of locks and text search.</summary>
    volatile bool any;

    public void Add(Fault fault) => Change(() => pending.Add(fault));

    public IReadOnlyList<Fault> Pending()
    {
        lock (gate) return [.. pending];
    }

    /// <summary>The random mix and how often each kind struck since it was set, asked for one by one or drawn.</summary>
    public (Chaos? Chaos, IReadOnlyDictionary<FaultKind, int> Struck) Mix()
    {
        lock (gate) return (chaos, new Dictionary<FaultKind, int>(struck));
    }

    /// <summary>Begins a random mix anew, or ends it.</summary>
    public void Set(Chaos? mix) => Change(() =>
    {
        chaos = mix;
        if (mix is null) return;    // what struck can still be read afterwards
        struck.Clear();
        draws.Clear();
    });

    public void Replace(IEnumerable<Fault> faults) => Change(() =>
    {
        pending.Clear();
        pending.AddRange(faults);
    });

    void Change(Action change)
    {
        lock (gate)
        {
            change();
            any = pending.Count > 0 || chaos is not null;
        }
    }

    /// <summary>Takes one strike of the first fault that fits, or draws from the mix; null when nothing goes wrong.</summary>
    /// <param name="where">The text that scopes are looked up in.</param>
    public Fault? Strike(FaultKind kind, Func<string> where)
    {
        if (!any) return null;
        lock (gate)
        {
            string? text = null;
            bool Fits(string? scope) => scope is null || (text ??= where()).Contains(scope, StringComparison.Ordinal);
            var index = pending.FindIndex(fault => fault.Kind == kind && Fits(fault.Scope));
            var hit = index >= 0 ? Take(index) : chaos is { } mix && Fits(mix.Scope) ? mix.Draw(kind, Next(kind)) : null;
            if (hit is not null) struck[kind] = struck.GetValueOrDefault(kind) + 1;
            return hit;
        }
    }

    Fault Take(int index)
    {
        var hit = pending[index];
        if (hit.Count > 1) pending[index] = hit with { Count = hit.Count - 1 };
        else pending.RemoveAt(index);
        any = pending.Count > 0 || chaos is not null;
        return hit;
    }

    long Next(FaultKind kind) => draws[kind] = draws.GetValueOrDefault(kind) + 1;
}
