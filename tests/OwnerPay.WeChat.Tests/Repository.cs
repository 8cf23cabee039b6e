namespace OwnerPay.WeChat.Tests;

/// <summary>Where the sources lie that these tests were built from.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OwnerPay.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
