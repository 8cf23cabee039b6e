using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Console;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Verbs;

/// <summary>The arguments of a verb: <c>--name value</c> and <c>--flag</c> options in any order, the rest by place.</summary>
/// <param name="Options">Value of each option, empty for a flag.</param>
public sealed record VerbArguments(IReadOnlyList<string> Places, IReadOnlyDictionary<string, string> Options)
{
    /// <param name="flags">Options without value.</param>
    /// <returns>Null when an option has no value.</returns>
    public static VerbArguments? Read(IReadOnlyList<string> args, params ReadOnlySpan<string> flags)
    {
        List<string> places = [];
        Dictionary<string, string> options = [];
        for (var i = 0; i < args.Count; i++)
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) places.Add(args[i]);
            else if (flags.Contains(args[i])) options[args[i]] = "";
            else if (args[i].IndexOf('=', StringComparison.Ordinal) is > 0 and var at) options[args[i][..at]] = args[i][(at + 1)..];
            else if (++i < args.Count) options[args[i - 1]] = args[i];
            else return null;
        return new(places, options);
    }

    /// <summary>The options that the service itself understands (<c>--data</c>, <c>--database</c>, <c>--OwnerPay:…</c>), as arguments
    /// again.</summary>
    /// <param name="own">Options that are the verb's own.</param>
    public string[] ForService(params string[] own) =>
        [.. Options.Where(option => !own.Contains(option.Key)).SelectMany(option => new[] { option.Key, option.Value })];
}

/// <summary>A verb cannot do what it was asked to; the message is for people, in Chinese.</summary>
public sealed class VerbRefusedException(string message, int exitCode = VerbRefusedException.Failed) : Exception(message)
{
    /// <summary>Exit codes: it failed; it was called wrongly; the token does not suffice.</summary>
    public const int Failed = 1, WrongUsage = 2, NotAllowed = 3;

    public int ExitCode { get; } = exitCode;
}

/// <summary>An instance that serves nobody: the database and the operations for one verb. SQLite's write lock is held while a verb writes.</summary>
public sealed class VerbCall : IAsyncDisposable
{
    readonly WebApplication app;
    readonly SingleWriter? writer;
    readonly AsyncServiceScope scope;

    VerbCall(WebApplication app, SingleWriter? writer) => (this.app, this.writer, scope) = (app, writer, app.Services.CreateAsyncScope());

    public IServiceProvider Services => scope.ServiceProvider;

    /// <summary>Opens the installation for a verb that changes something.</summary>
    /// <exception cref="IOException">On SQLite, when a service is running on the same data folder.</exception>
    public static async Task<VerbCall> OpenForWriting(string[] serviceArgs, CancellationToken cancel)
    {
        var writer = SingleWriter.Take(ServiceApp.Database(ServiceApp.Settings(serviceArgs)));
        var call = new VerbCall(Build(serviceArgs), writer);
        await call.Services.GetRequiredService<OwnerPayDb>().Migrate(cancel);
        return call;
    }

    /// <summary>Opens the installation for a verb that only reads: one snapshot, no lock, nothing made; also beside a running service.</summary>
    /// <exception cref="VerbRefusedException">There is no installation.</exception>
    public static async Task<VerbCall> OpenForReading(string[] serviceArgs, CancellationToken cancel)
    {
        string[] args = [.. serviceArgs, "--OwnerPay:ReadOnly=true"];
        var settings = ServiceApp.Settings(args);
        var database = ServiceApp.Database(settings);
        if (!database.IsMariaDb && !File.Exists(database.SqliteFile)) throw new VerbRefusedException($"目录 {settings.Data} 中没有数据库 ownerpay.db。");
        if (!File.Exists(settings.MasterKeyPath)) throw new VerbRefusedException($"找不到主密钥文件 {settings.MasterKeyPath}，无法核对校验码。");
        var call = new VerbCall(Build(args), writer: null);
        await call.Services.GetRequiredService<OwnerPayDb>().BeginReadSnapshot(cancel);
        return call;
    }

    // What a verb prints is its answer; the log goes to standard error.
    static WebApplication Build(string[] args) => ServiceApp.Build(args, businessTime: null, builder =>
    {
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    });

    /// <summary>The community of this code, for verbs that read; null without a code: all.</summary>
    /// <exception cref="VerbRefusedException">There is no such community.</exception>
    public async Task<Guid?> Community(string? code, CancellationToken cancel)
    {
        if (code is null) return null;
        var community = await Services.GetRequiredService<OwnerPayDb>().Communities.AsNoTracking().SingleOrDefaultAsync(c => c.Code == code, cancel);
        return community?.Id ?? throw new VerbRefusedException($"没有找到小区 {code}。", VerbRefusedException.WrongUsage);
    }

    /// <summary>The member of staff of <c>OWNERPAY_TOKEN</c>, who must hold a role that the route of the same operation asks for.</summary>
    /// <param name="route">Name of the route: the verb has no rule of its own.</param>
    /// <exception cref="VerbRefusedException">No token, no such community, or a missing role.</exception>
    public async Task<StaffMember> SignInFor(string route, string? code, CancellationToken cancel)
    {
        var rule = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            .Single(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == route).Metadata.GetMetadata<StaffRule>()!;
        var missing = "";
        foreach (var role in rule.Roles)
        {
            var (staff, told) = await SignIn(code, role, cancel);
            if (staff is not null) return staff;
            missing = told;
        }
        throw new VerbRefusedException(missing, VerbRefusedException.NotAllowed);
    }

    /// <summary>The member of staff whose personal access token stands in the environment variable <c>OWNERPAY_TOKEN</c>, in one community.</summary>
    /// <param name="code">Code of the community; null when there is only one in which he works.</param>
    /// <returns>The person, or what is missing, in Chinese.</returns>
    public async Task<(StaffMember? Staff, string Missing)> SignIn(string? code, StaffRole role, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("OWNERPAY_TOKEN") is not { Length: > 0 } token) return (null, "请在环境变量 OWNERPAY_TOKEN 中提供员工访问令牌。");
        if (await Services.GetRequiredService<FindStaff>().ByToken(token, cancel) is not { } access) return (null, "访问令牌无效、已过期或已撤销。");
        if (access.MustChangePassword) return (null, "请先登录并修改一次性密码。");
        var communities = (await Services.GetRequiredService<OwnerPayDb>().Communities.AsNoTracking().ToListAsync(cancel))
            .FindAll(c => access.Knows(c.Id));
        var chosen = communities.FindAll(c => code is null || c.Code == code);
        if (chosen.Count != 1)
            return (null, communities.Count == 0 ? "还没有您可以操作的小区。" : $"请用 --community 指定小区：{string.Join('、', communities.Select(c => c.Code))}。");
        var staff = access.In(chosen[0].Id);
        return staff.Has(role) ? (staff, "") : (null, $"{access.Name} 在小区 {chosen[0].Code} 没有 {role} 角色。");
    }

    public async ValueTask DisposeAsync()
    {
        await scope.DisposeAsync();
        await app.DisposeAsync();
        writer?.Dispose();
    }
}
