using System.Buffers;
using System.Numerics;

namespace OwnerPay.Domain.Promotions;

/// <summary>Finds the set of offers with the lowest payable: depth first over all admissible sets; what begins alike is done once.</summary>
/// <remarks>Offers are numbered in the order in which they apply, so every path downwards applies its set in the right order. What is left
/// on the lines is kept per depth. A path is left when even the most that the groups after it could take off would not reach the best set so
/// far. All working space is one rented array: nothing is allocated but the answer.</remarks>
ref struct OfferSearch
{
    readonly IReadOnlyList<QuoteLine> lines;
    readonly ConsideredOffer[] considered;
    readonly int lineCount;

    /// <summary>Per offer that holds, in order of application: its place in <see cref="considered"/>, which is also its rank by id.</summary>
    readonly Span<long> order;
    /// <summary>The bit of its stacking group, and the bits of all groups that come after it.</summary>
    readonly Span<long> group, groupsAfter;
    /// <summary>The lines it covers: <see cref="coveredCount"/> numbers from offer × lines on.</summary>
    readonly Span<long> covered, coveredCount;
    /// <summary>Fen left on each line after the offers of the path, per depth.</summary>
    readonly Span<long> left;
    /// <summary>Fen that the best offer of a group takes off the untouched lines, among the offers after this one: offer × groups numbers. What
    /// others have left is less, and so is what an offer takes off it.</summary>
    readonly Span<long> mostAfter;
    readonly Span<long> weights, parts;
    readonly Span<long> path, best;

    int bestCount;
    long bestDiscount;

    OfferSearch(IReadOnlyList<QuoteLine> lines, ConsideredOffer[] considered, int offers, Span<long> space)
    {
        (this.lines, this.considered, lineCount) = (lines, considered, lines.Count);
        order = Take(ref space, offers);
        group = Take(ref space, offers);
        groupsAfter = Take(ref space, offers);
        coveredCount = Take(ref space, offers);
        covered = Take(ref space, offers * lineCount);
        left = Take(ref space, (Quote.MostGroups + 1) * lineCount);
        mostAfter = Take(ref space, offers * Quote.MostGroups);
        weights = Take(ref space, lineCount);
        parts = Take(ref space, lineCount);
        path = Take(ref space, Quote.MostGroups);
        best = Take(ref space, Quote.MostGroups);
        Prepare();
    }

    static int Space(int offers, int lines) => (4 + Quote.MostGroups) * offers + (offers + Quote.MostGroups + 3) * lines + 2 * Quote.MostGroups;

    static Span<long> Take(scoped ref Span<long> space, int length)
    {
        var taken = space[..length];
        space = space[length..];
        return taken;
    }

    /// <summary>At most 10 groups and 5,000 sets among the offers that hold.</summary>
    public static bool IsWithinLimits(ConsideredOffer[] considered)
    {
        var (groups, sets) = (0, 1L);
        for (var index = 0; index < considered.Length; index++)
        {
            if (considered[index].Reason is not null) continue;
            var members = 0;
            for (var other = 0; other < considered.Length; other++)
            {
                if (considered[other].Reason is not null || considered[other].Offer.Group != considered[index].Offer.Group) continue;
                if (other < index) { members = 0; break; }    // the group was counted at its first member
                members++;
            }
            if (members == 0) continue;
            sets *= 1 + members;
            if (++groups > Quote.MostGroups || sets > Quote.MostSets) return false;
        }
        return true;
    }

    /// <summary>Fen that the best set takes off; nothing is written back.</summary>
    public static long Discount(IReadOnlyList<QuoteLine> lines, ConsideredOffer[] considered)
    {
        var offers = CountHolding(considered);
        var space = ArrayPool<long>.Shared.Rent(Space(offers, lines.Count));
        var search = new OfferSearch(lines, considered, offers, space);
        search.Extend(0, 0, 0, 0);
        var discount = search.bestDiscount;
        ArrayPool<long>.Shared.Return(space);
        return discount;
    }

    /// <summary>Prices the lines with the best set, and writes into <paramref name="considered"/> what became of each offer.</summary>
    public static PricedLine[] Price(IReadOnlyList<QuoteLine> lines, ConsideredOffer[] considered)
    {
        var offers = CountHolding(considered);
        var space = ArrayPool<long>.Shared.Rent(Space(offers, lines.Count));
        var search = new OfferSearch(lines, considered, offers, space);
        search.Extend(0, 0, 0, 0);
        var priced = search.Explain();
        ArrayPool<long>.Shared.Return(space);
        return priced;
    }

    static int CountHolding(ConsideredOffer[] considered)
    {
        var offers = 0;
        foreach (ref readonly var offer in considered.AsSpan())
            if (offer.Reason is null) offers++;
        return offers;
    }

    readonly void Prepare()
    {
        for (var (index, offer) = (0, 0); index < considered.Length; index++)
        {
            if (considered[index].Reason is not null) continue;
            var place = offer++;
            for (; place > 0 && AppliesBefore(index, (int)order[place - 1]); place--) order[place] = order[place - 1];
            order[place] = index;
        }
        var groups = 0;
        for (var offer = 0; offer < order.Length; offer++)
        {
            group[offer] = 0;
            for (var before = 0; before < offer && group[offer] == 0; before++)
                if (OfferAt(before).Group == OfferAt(offer).Group) group[offer] = group[before];
            if (group[offer] == 0) group[offer] = 1L << groups++;
            coveredCount[offer] = 0;
            for (var line = 0; line < lineCount; line++)
                if (lines[line].Principal.Value > 0 && OfferAt(offer).Covers(lines[line]))
                    covered[offer * lineCount + (int)coveredCount[offer]++] = line;
        }
        var after = 0L;
        for (var offer = order.Length - 1; offer >= 0; offer--)
        {
            groupsAfter[offer] = after;
            after |= group[offer];
        }
        for (var line = 0; line < lineCount; line++) left[line] = lines[line].Principal.Value;
        var most = mostAfter;
        most.Clear();
        for (var offer = order.Length - 2; offer >= 0; offer--)
        {
            most.Slice((offer + 1) * Quote.MostGroups, Quote.MostGroups).CopyTo(most[(offer * Quote.MostGroups)..]);
            ref var ofGroup = ref most[offer * Quote.MostGroups + BitOperations.TrailingZeroCount(group[offer + 1])];
            ofGroup = Math.Max(ofGroup, Amount(offer + 1, depth: 0));
        }
    }

    readonly QuoteOffer OfferAt(int offer) => considered[order[offer]].Offer;

    readonly bool AppliesBefore(int left, int right)
    {
        var (a, b) = (considered[left].Offer, considered[right].Offer);
        return a.Type != b.Type ? a.Type < b.Type : a.Priority != b.Priority ? a.Priority < b.Priority : left < right;
    }

    void Extend(int from, int depth, long groups, long discount)
    {
        for (var offer = from; offer < order.Length; offer++)
        {
            if ((groups & group[offer]) != 0) continue;
            var withThis = groups | group[offer];
            var goesOn = (groupsAfter[offer] & ~withThis) != 0;
            var amount = Amount(offer, depth);
            if (amount == 0) continue;    // the set without it costs as little with fewer offers, and so does every set that it begins
            path[depth] = offer;
            var total = discount + amount;
            if (total > bestDiscount || (total == bestDiscount && IsPreferred(depth + 1))) Keep(depth + 1, total);
            if (!goesOn || !CanReachBest(offer, withThis, total)) continue;
            Split(offer, depth, amount);
            Extend(offer + 1, depth + 1, withThis, total);
        }
    }

    /// <summary>Whether the offers after this one might still make a set as good as the best; if not, none of them need be tried.</summary>
    readonly bool CanReachBest(int offer, long groups, long discount)
    {
        var missing = bestDiscount - discount;
        for (var free = groupsAfter[offer] & ~groups; free != 0 && missing > 0; free &= free - 1)
            missing -= mostAfter[offer * Quote.MostGroups + BitOperations.TrailingZeroCount(free)];
        return missing <= 0;
    }

    void Keep(int count, long discount)
    {
        path[..count].CopyTo(best);
        (bestCount, bestDiscount) = (count, discount);
    }

    /// <summary>Fen that the offer takes off what is left at this depth.</summary>
    readonly long Amount(int offer, int depth)
    {
        var now = left.Slice(depth * lineCount, lineCount);
        var on = covered.Slice(offer * lineCount, (int)coveredCount[offer]);
        var sum = 0L;
        foreach (var line in on) sum += now[(int)line];
        var terms = OfferAt(offer);
        var amount = terms.Type switch
        {
            OfferType.Percent when terms.RoundTo == 1 => Fen.Round((Int128)sum * terms.Value, 10_000).Value,
            OfferType.Percent => Math.Min(sum, Fen.Round((Int128)sum * terms.Value, (Int128)10_000 * terms.RoundTo).Value * terms.RoundTo),
            OfferType.Fixed => Math.Min(sum, terms.Value),
            _ => throw new InvalidOperationException($"offer {terms.Id} is of no known type"),
        };
        return terms.Cap is { } cap ? Math.Min(amount, cap.Value) : amount;
    }

    /// <summary>Writes what is left at the next depth after the offer has taken off its amount.</summary>
    readonly void Split(int offer, int depth, long amount)
    {
        var now = left.Slice(depth * lineCount, lineCount);
        var on = covered.Slice(offer * lineCount, (int)coveredCount[offer]);
        for (var index = 0; index < on.Length; index++) weights[index] = now[(int)on[index]];
        Apportion.Into(amount, weights[..on.Length], parts[..on.Length]);
        var next = left.Slice((depth + 1) * lineCount, lineCount);
        now.CopyTo(next);
        for (var index = 0; index < on.Length; index++) next[(int)on[index]] -= parts[index];
    }

    /// <summary>Between sets of equal discount: fewer offers, then the lower sorted list of priorities, then of ids.</summary>
    readonly bool IsPreferred(int count)
    {
        if (count != bestCount) return count < bestCount;
        Span<long> mine = stackalloc long[count], theirs = stackalloc long[count];    // at most 10
        for (var index = 0; index < count; index++)
            (mine[index], theirs[index]) = (OfferAt((int)path[index]).Priority, OfferAt((int)best[index]).Priority);
        mine.Sort();
        theirs.Sort();
        var byPriority = mine.SequenceCompareTo(theirs);
        if (byPriority != 0) return byPriority < 0;
        for (var index = 0; index < count; index++)
            (mine[index], theirs[index]) = (order[(int)path[index]], order[(int)best[index]]);
        mine.Sort();
        theirs.Sort();
        return mine.SequenceCompareTo(theirs) < 0;
    }

    /// <summary>Applies the best set once more, and tells what it did to each offer and line.</summary>
    readonly PricedLine[] Explain()
    {
        foreach (var index in order) considered[index] = considered[index] with { Reason = NotUsedReason.BetterWithout };
        for (var depth = 0; depth < bestCount; depth++)
        {
            var amount = Amount((int)best[depth], depth);
            Split((int)best[depth], depth, amount);
            ref var used = ref considered[order[(int)best[depth]]];
            used = used with { Reason = null, Saved = new(amount) };
        }
        var byId = path[..bestCount];    // the search is over: its path now lists the depths by offer id
        for (var depth = 0; depth < bestCount; depth++)
        {
            var place = depth;
            for (; place > 0 && order[(int)best[depth]] < order[(int)best[(int)byId[place - 1]]]; place--) byId[place] = byId[place - 1];
            byId[place] = depth;
        }
        var priced = new PricedLine[lineCount];
        for (var line = 0; line < lineCount; line++)
            priced[line] = new(lines[line], DiscountsOf(line, byId), new Fen(left[bestCount * lineCount + line]) + lines[line].LateFee);
        return priced;
    }

    readonly LineDiscount[] DiscountsOf(int line, ReadOnlySpan<long> depthsById)
    {
        var count = 0;
        foreach (var depth in depthsById)
            if (Taken(line, (int)depth) > 0) count++;
        if (count == 0) return [];
        var discounts = new LineDiscount[count];
        count = 0;
        foreach (var depth in depthsById)
            if (Taken(line, (int)depth) is > 0 and var taken) discounts[count++] = new(OfferAt((int)best[(int)depth]).Id, new(taken));
        return discounts;
    }

    readonly long Taken(int line, int depth) => left[depth * lineCount + line] - left[(depth + 1) * lineCount + line];
}
