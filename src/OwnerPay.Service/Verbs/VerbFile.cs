using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Verbs;

/// <summary>JSON files of verbs: read as strictly as the body of the same call, and complained about line by line.</summary>
static class VerbFile
{
    /// <param name="leaveOut">Members of the file that the operation does not take.</param>
    /// <exception cref="VerbRefusedException">No such file, no JSON, an unknown or missing field, or a value out of range.</exception>
    public static async Task<T> Read<T>(string path, CancellationToken cancel, params IReadOnlyList<string> leaveOut) where T : class
    {
        if (!File.Exists(path)) throw new VerbRefusedException($"找不到文件 {path}。", VerbRefusedException.WrongUsage);
        try
        {
            var text = await Parse(path, cancel);
            foreach (var name in leaveOut) text.Remove(name);
            return Checked(path, text.Deserialize<T>(Json.Options) ?? throw new JsonException("文件为空"));
        }
        catch (JsonException broken)
        {
            throw new VerbRefusedException($"文件 {path} 有误：{broken.Path?.TrimStart('$', '.') ?? $"第 {broken.LineNumber + 1} 行"} {broken.Message}");
        }
    }

    /// <summary>A member of a file that <see cref="Read"/> has accepted already; null where there is none.</summary>
    /// <exception cref="VerbRefusedException">It is no text.</exception>
    public static async Task<string?> Text(string path, string name, CancellationToken cancel) => (await Parse(path, cancel))[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw new VerbRefusedException($"文件 {path} 有误：{name} 应为文字"),
    };

    /// <exception cref="VerbRefusedException">A value is out of range.</exception>
    public static T Checked<T>(string path, T file) where T : class
    {
        var faults = Faults(file, "").ToList();
        return faults.Count == 0 ? file : throw new VerbRefusedException($"文件 {path} 有误：\n" + string.Join('\n', faults));
    }

    static async Task<JsonObject> Parse(string path, CancellationToken cancel) =>
        JsonNode.Parse(await File.ReadAllTextAsync(path, cancel)) as JsonObject ?? throw new JsonException("不是 JSON 对象");

    /// <summary>Checks the annotations of a record and of the records in its lists, as the service does with a request.</summary>
    static IEnumerable<string> Faults(object value, string path)
    {
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(value, new ValidationContext(value), found, validateAllProperties: true);
        foreach (var fault in found) yield return $"  {path}{string.Join('、', fault.MemberNames.Select(JsonNamingPolicy.CamelCase.ConvertName))}：{fault.ErrorMessage}";
        foreach (var property in value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
            if (property.GetValue(value) is IEnumerable items and not string and not IDictionary)
            {
                var at = 0;
                foreach (var item in items)
                {
                    if (item is not null && item.GetType().Assembly == typeof(VerbFile).Assembly)
                        foreach (var fault in Faults(item, $"{path}{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}[{at}].")) yield return fault;
                    at++;
                }
            }
    }

    /// <summary>Prints an operation's refusal with everything that it says.</summary>
    public static VerbRefusedException Refused(Error error)
    {
        var text = error.Title + (error.Field is null ? "" : $"（{error.Field}）") + (error.Detail is null ? "" : $"：{error.Detail}");
        foreach (var fault in (error.More ?? new Dictionary<string, object?>()).Values.OfType<IEnumerable<FileFault>>().SelectMany(faults => faults))
            text += $"\n  {fault.Field}：{fault.Detail}";
        return new VerbRefusedException($"{text} [{error.Code}]");
    }
}
