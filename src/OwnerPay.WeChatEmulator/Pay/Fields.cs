using System.Text.Json;
using System.Text.RegularExpressions;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>Reads the members of a request body and keeps the first rule that one of them breaks.</summary>
sealed class Fields
{
    readonly JsonElement element;
    readonly string path;
    readonly Fields root;
    PayAnswer? refusal;

    Fields(JsonElement element, string path, Fields? root)
    {
        this.element = element;
        this.path = path;
        this.root = root ?? this;
    }

    public static Fields Of(JsonElement body) => new(body, "", null);

    /// <summary>The answer for the first broken rule of the whole body, or null.</summary>
    public PayAnswer? Refusal => root.refusal;

    /// <param name="max">Longest length in characters; an emoji counts as one.</param>
    /// <returns>The text, or null when it is absent or wrong (then <see cref="Refusal"/> is set).</returns>
    public string? Text(string name, int max, bool required = false, int min = 1, Regex? form = null, string formText = "格式不正确")
    {
        if (Find(name, required) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) return Break<string>(name, value, "应为字符串");
        var text = value.GetString()!;
        var length = text.EnumerateRunes().Count();
        if (length == 0 && !required) return null;
        if (length < min || length > max) return Break<string>(name, value, $"长度应在{min}到{max}个字符之间");
        return form is not null && !form.IsMatch(text) ? Break<string>(name, value, formText) : text;
    }

    /// <returns>The whole number, or null when it is absent or wrong.</returns>
    public long? Whole(string name, long min, bool required = false)
    {
        if (Find(name, required) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || number > int.MaxValue)
        {
            Break<string>(name, value, "应为整数");
            return null;
        }
        if (number >= min) return number;
        Break<string>(name, value, $"不能小于{min}");
        return null;
    }

    public void Flag(string name)
    {
        if (Find(name, required: false) is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } value) Break<string>(name, value, "应为布尔值");
    }

    public Fields? Object(string name, bool required = false)
    {
        if (Find(name, required) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object ? new(value, $"{path}/{name}", root) : Break<Fields>(name, value, "应为对象");
    }

    public IReadOnlyList<Fields> List(string name, int max)
    {
        if (Find(name, required: false) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array) return Break<IReadOnlyList<Fields>>(name, value, "应为数组") ?? [];
        if (value.GetArrayLength() > max) return Break<IReadOnlyList<Fields>>(name, null, $"不能多于{max}项") ?? [];
        return [.. value.EnumerateArray().Select((item, index) => new Fields(item, $"{path}/{name}/{index}", root))];
    }

    /// <summary>For rules that concern more than form.</summary>
    public void Refuse(string name, string issue) => Break<string>(name, Find(name, required: false), issue);

    JsonElement? Find(string name, bool required)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            return value;
        if (required) Break<string>(name, null, "必填项缺失");
        return null;
    }

    T? Break<T>(string name, JsonElement? value, string issue) where T : class
    {
        root.refusal ??= PayAnswer.ParamError($"{path}/{name}", value, issue);
        return null;
    }
}
