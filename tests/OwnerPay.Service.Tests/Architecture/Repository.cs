namespace OwnerPay.Service.Tests.Architecture;

/// <summary>Our own text, as the tidy checks read it.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Files under a folder of the repository, by pattern; what is built or fetched is left out.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or ".git" or "Migrations"))
            .Order(StringComparer.Ordinal);

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OwnerPay.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
