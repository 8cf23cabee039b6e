namespace OwnerPay.Service.Tests.Setup;

/// <summary>Secrets of the emulators of a test run. Key pairs take a second of processor time, so that the first emulator makes them for all.</summary>
static class EmulatorKeys
{
    const string FileName = "keys.json";
    static string? made;

    /// <summary>To be called before an emulator starts in a folder.</summary>
    public static void Give(string folder)
    {
        if (Volatile.Read(ref made) is not { } keys) return;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FileName), keys);
    }

    /// <summary>To be called when an emulator has started in a folder.</summary>
    public static void Keep(string folder)
    {
        if (Volatile.Read(ref made) is null) Volatile.Write(ref made, File.ReadAllText(Path.Combine(folder, FileName)));
    }
}
