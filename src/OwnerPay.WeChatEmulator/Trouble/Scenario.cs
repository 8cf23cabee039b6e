using System.Text.Json;
using System.Text.Json.Serialization;

namespace OwnerPay.WeChatEmulator.Trouble;

/// <summary>A named bad day: faults one by one, and a random mix of them. Described by <c>config/emulator/scenario.schema.json</c>.</summary>
/// <param name="Schema">Where editors find the description; not read.</param>
/// <param name="Name">Shown at the start.</param>
/// <param name="Description">For people.</param>
public sealed record Scenario(
    string Name, string? Description = null, IReadOnlyList<Fault>? Faults = null, Chaos? Chaos = null,
    [property: JsonPropertyName("$schema")] string? Schema = null)
{
    static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true, NumberHandling = JsonNumberHandling.Strict, ReadCommentHandling = JsonCommentHandling.Disallow,
    };

    /// <exception cref="EmulatorStartException">The file is missing or says something that is not understood; the message is one line.</exception>
    public static Scenario Read(string file)
    {
        Scenario? scenario;
        try
        {
            scenario = JsonSerializer.Deserialize<Scenario>(File.ReadAllText(file), Strict);
        }
        catch (JsonException unreadable)
        {
            throw new EmulatorStartException($"--scenario: {file}, line {unreadable.LineNumber + 1}: {Reason(unreadable)}");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new EmulatorStartException($"--scenario: {file} cannot be read");
        }
        if (scenario is null) throw new EmulatorStartException($"--scenario: {file} is empty");
        return scenario.Mistake is { } mistake ? throw new EmulatorStartException($"--scenario: {file}: {mistake}") : scenario;
    }

    static string Reason(JsonException unreadable) =>
        unreadable.Path is { } at
        && (at.EndsWith(".kind", StringComparison.Ordinal) || unreadable.Message.Contains(nameof(FaultKind), StringComparison.Ordinal))
            ? $"{at}: no such fault; there are {string.Join(", ", Kinds)}"
            : unreadable.Path is { Length: > 1 } path ? $"{path}: not understood" : "is no JSON of a scenario";

    /// <summary>The names of all faults as files and the admin API write them.</summary>
    internal static IEnumerable<string> Kinds => Enum.GetValues<FaultKind>().Select(kind => JsonSerializer.Serialize(kind).Trim('"'));

    /// <summary>The first thing that makes no sense, in one line, or null.</summary>
    internal string? Mistake
    {
        get
        {
            if (Name.Length == 0) return "name is empty";
            foreach (var (index, fault) in (Faults ?? []).Index())
                if (fault.Mistake is { } mistake)
                    return $"faults[{index}]: {mistake}";
            return Chaos?.Mistake is { } wrong ? $"chaos: {wrong}" : null;
        }
    }

    internal void PlayOn(FaultList faults)
    {
        faults.Replace(Faults ?? []);
        faults.Set(Chaos);
    }
}
