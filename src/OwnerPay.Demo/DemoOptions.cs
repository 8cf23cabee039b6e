namespace OwnerPay.Demo;

/// <summary>How the demo is told to run.</summary>
/// <param name="Exit">End after the story instead of staying up.</param>
/// <param name="Json">Print one JSON object as the last line.</param>
/// <param name="Database">MariaDB connection string of an empty database; null plays on SQLite.</param>
/// <param name="Seed">Decides who pays when; the same seed tells the same month.</param>
/// <param name="Data">Folder for database, keys and emulator; null: a fresh temporary one.</param>
/// <param name="Redis"><c>HOST:PORT</c> or a unix socket's path; null plays without.</param>
public sealed record DemoOptions(bool Exit, bool Json, string? Database, int Seed, string? Data, string? Redis = null)
{
    public const string Usage = """
        用法：OwnerPay.Demo [--exit] [--json] [--seed N] [--data DIR] [--database "Server=…"] [--redis HOST:PORT]
          --exit       故事讲完即退出（默认继续运行，可打开接口文档查看）
          --json       最后一行输出一个 JSON 对象
          --seed N     换一个月份的故事（默认 1）
          --data DIR   数据目录，须为空目录（默认新建临时目录）
          --database   在空的 MariaDB 数据库上演示（默认 SQLite）
          --redis      使用 Redis（主机:端口 或 unix 套接字路径，默认不用）
        """;

    /// <returns>Null when the words are not understood; the complaint says which.</returns>
    public static DemoOptions? Read(string[] args, out string complaint)
    {
        var options = new DemoOptions(false, false, null, 1, null);
        complaint = "";
        for (var at = 0; at < args.Length; at++)
        {
            var (word, value) = args[at].IndexOf('=') is var cut and > 0 ? (args[at][..cut], args[at][(cut + 1)..]) : (args[at], null);
            string? Next() => value ?? (at + 1 < args.Length ? args[++at] : null);
            switch (word)
            {
                case "--exit": options = options with { Exit = true }; break;
                case "--json": options = options with { Json = true }; break;
                case "--database" when Next() is { Length: > 0 } connection: options = options with { Database = connection }; break;
                case "--redis" when Next() is { Length: > 0 } redis: options = options with { Redis = redis }; break;
                case "--data" when Next() is { Length: > 0 } folder: options = options with { Data = Path.GetFullPath(folder) }; break;
                case "--seed" when int.TryParse(Next(), out var seed): options = options with { Seed = seed }; break;
                default:
                    complaint = $"不认识的参数：{args[at]}";
                    return null;
            }
        }
        return options;
    }
}
