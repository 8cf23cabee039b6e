using System.Reflection;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Verbs;

/// <summary>The arguments of a verb: <c>--name value</c>, <c>--name=value</c> and <c>--flag</c> options in any order, the rest by place.</summary>
/// <param name="Options">The verb's own options with their values, empty for a flag.</param>
/// <param name="ForService">The options that the service itself understands (<c>--data</c>, <c>--database</c>, <c>--OwnerPay:…</c>), as arguments again.</param>
public sealed record VerbArguments(IReadOnlyList<string> Places, IReadOnlyDictionary<string, string> Options, string[] ForService)
{
    /// <param name="usage">What is printed with a complaint.</param>
    /// <param name="own">Options of the verb that take a value.</param>
    /// <param name="flags">Options of the verb without a value.</param>
    /// <exception cref="VerbRefusedException">An option that nobody knows, or one without its value. An installation picked by a slip of the pen would be
    /// another one than was meant, so nothing is ignored.</exception>
    public static VerbArguments Read(IReadOnlyList<string> args, string usage, string[] own, params string[] flags)
    {
        List<string> places = [], service = [];
        Dictionary<string, string> options = [];
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                places.Add(args[i]);
                continue;
            }
            var at = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = at < 0 ? args[i] : args[i][..at];
            if (flags.Contains(name) && at < 0)
            {
                options[name] = "";
                continue;
            }
            if (!own.Contains(name) && !ServiceOptions.Know(name)) throw Refused($"没有选项 {name}。", usage);
            if (at < 0 && i + 1 == args.Count) throw Refused($"选项 {name} 缺少值。", usage);
            var value = at < 0 ? args[++i] : args[i][(at + 1)..];
            if (own.Contains(name)) options[name] = value;
            else service.AddRange([name, value]);
        }
        return new(places, options, [.. service]);
    }

    static VerbRefusedException Refused(string complaint, string usage) => new($"{complaint}\n用法：{usage}", VerbRefusedException.WrongUsage);
}

/// <summary>What may stand on the command line of the service itself.</summary>
static class ServiceOptions
{
    static readonly string[] Names =
        ["--data", "--database", "--redis", "--public-url", "--urls", "--http_ports", "--https_ports", "--environment", "--contentRoot", "--AllowedHosts"];
    static readonly string[] Sections = ["--Logging:", "--Kestrel:"];
    const string Own = "--OwnerPay:";

    /// <summary>True for a setting of ours, one of the host's names, or anything in the host's sections. Case does not matter, as in all settings.</summary>
    public static bool Know(string name)
    {
        if (name.StartsWith(Own, StringComparison.OrdinalIgnoreCase))
        {
            const BindingFlags AnyCase = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;
            return typeof(ServiceSettings).GetProperty(name[Own.Length..].Split(':')[0], AnyCase) is { CanWrite: true };
        }
        return Names.Contains(name, StringComparer.OrdinalIgnoreCase)
            || Sections.Any(section => name.StartsWith(section, StringComparison.OrdinalIgnoreCase));
    }
}
