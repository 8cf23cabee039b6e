namespace OwnerPay.Service.Platform;

/// <summary>The one place where personal data is masked for answers, lists and logs.</summary>
public static class Mask
{
    /// <summary>138****8000; what is shorter than 7 characters becomes stars altogether.</summary>
    public static string Phone(string phone) => phone.Length < 7 ? "****" : string.Concat(phone.AsSpan(0, 3), "****", phone.AsSpan(phone.Length - 4));

    /// <summary>王* / 欧阳** : the first character stays.</summary>
    public static string Name(string name) => name.Length == 0 ? "" : name[0] + new string('*', Math.Clamp(name.Length - 1, 1, 3));

    /// <summary>3-*-**01: what comes before the first dash and the last two characters stay; a code without dashes keeps its last two.</summary>
    public static string House(string code)
    {
        var (kept, end) = (code.IndexOf('-') is var dash and > 0 ? dash : 0, code.Length - 2);
        return string.Concat(code.Select((character, at) => at < kept || at >= end && end > kept || character == '-' ? character : '*'));
    }

    /// <summary>oOwN…fGh: enough to compare, not enough to use.</summary>
    public static string OpenId(string openId) => openId.Length < 8 ? "****" : string.Concat(openId.AsSpan(0, 4), "…", openId.AsSpan(openId.Length - 3));
}
