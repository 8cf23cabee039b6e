using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>Secrets of the emulators of a test run. Key pairs take a second of processor time, so that the first emulator makes them for all; numbers and
/// names are each one's own, as installations may share a Redis.</summary>
static class EmulatorKeys
{
    const string FileName = "keys.json";
    static string? made;

    /// <summary>To be called before an emulator starts in a folder.</summary>
    public static void Give(string folder)
    {
        if (Volatile.Read(ref made) is not { } text) return;
        var keys = JsonNode.Parse(text)!;
        var mchid = "190" + RandomNumberGenerator.GetString("0123456789", 7);
        keys["Mchid"] = mchid;
        keys["PublicKeyId"] = $"PUB_KEY_ID_01{mchid}{RandomNumberGenerator.GetString("0123456789", 22)}";
        foreach (var name in new[] { "Appid", "OfficialAppid" }) keys[name] = "wx" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        foreach (var name in new[] { "Appsecret", "OfficialSecret" }) keys[name] = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FileName), keys.ToJsonString());
    }

    /// <summary>To be called when an emulator has started in a folder.</summary>
    public static void Keep(string folder)
    {
        if (Volatile.Read(ref made) is null) Volatile.Write(ref made, File.ReadAllText(Path.Combine(folder, FileName)));
    }
}
