namespace OwnerPay.Service.Tests.Roster;

/// <summary>The Excel files of <c>config/demo</c>, as an operator would find them.</summary>
static class DemoRoster
{
    public static readonly string Folder = Path.Combine(Root(), "config", "demo");

    public static byte[] File(string name) => System.IO.File.ReadAllBytes(Path.Combine(Folder, name));

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder!.FullName, "OwnerPay.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
