using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Console;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Verbs;

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
    /// <exception cref="VerbRefusedException">There is no installation, or one of another version.</exception>
    public static async Task<VerbCall> OpenForReading(string[] serviceArgs, CancellationToken cancel)
    {
        string[] args = [.. serviceArgs, "--OwnerPay:ReadOnly=true"];
        var settings = ServiceApp.Settings(args);
        var database = ServiceApp.Database(settings);
        if (!database.IsMariaDb && !File.Exists(database.SqliteFile)) throw new VerbRefusedException($"目录 {settings.Data} 中没有数据库 ownerpay.db。");
        if (!File.Exists(settings.MasterKeyPath)) throw new VerbRefusedException($"找不到主密钥文件 {settings.MasterKeyPath}，无法核对校验码。");
        var call = new VerbCall(Build(args), writer: null);
        var db = call.Services.GetRequiredService<OwnerPayDb>();
        if (await OtherSchema(db, cancel) is { } complaint)
        {
            await call.DisposeAsync();
            throw new VerbRefusedException(complaint);
        }
        await db.BeginReadSnapshot(cancel);
        return call;
    }

    // What a verb prints is its answer; the log goes to standard error, and only what the verb does not say itself.
    static WebApplication Build(string[] args) => ServiceApp.Build(args, businessTime: null, builder =>
    {
        builder.Logging.AddFilter(level => level >= LogLevel.Error);    // beats the levels of the settings file
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
    /// <param name="code">Code of the community; null when there is only one in which he works.</param>
    /// <exception cref="VerbRefusedException">No token, no such community, or a missing role.</exception>
    public async Task<StaffMember> SignInFor(string route, string? code, CancellationToken cancel)
    {
        var (access, roles) = (await Access(cancel), Rule(route).Roles);
        var communities = (await Services.GetRequiredService<OwnerPayDb>().Communities.AsNoTracking().ToListAsync(cancel))
            .FindAll(c => access.Knows(c.Id));
        var chosen = communities.FindAll(c => code is null || c.Code == code);
        if (chosen.Count != 1)
            throw NotAllowed(communities.Count == 0
                ? "还没有您可以操作的小区。" : $"请用 --community 指定小区：{string.Join('、', communities.Select(c => c.Code))}。");
        var staff = access.In(chosen[0].Id);
        return staff.Has([.. roles]) ? staff : throw NotAllowed($"{access.Name} 在小区 {chosen[0].Code} 没有 {string.Join(" 或 ", roles)} 角色。");
    }

    /// <summary>The same person on a route of the whole installation.</summary>
    /// <returns>Null when he holds none of the roles that the route asks for in all communities.</returns>
    /// <exception cref="VerbRefusedException">No valid token.</exception>
    public async Task<StaffMember?> ForInstallation(string route, CancellationToken cancel) =>
        (await Access(cancel)).In(null) is var staff && staff.Has([.. Rule(route).Roles]) ? staff : null;

    StaffRule Rule(string route) => ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
        .Single(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == route).Metadata.GetMetadata<StaffRule>()!;

    /// <summary>Whose personal access token stands in the environment variable <c>OWNERPAY_TOKEN</c>.</summary>
    async Task<StaffAccess> Access(CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("OWNERPAY_TOKEN") is not { Length: > 0 } token)
            throw NotAllowed("请在环境变量 OWNERPAY_TOKEN 中提供员工访问令牌。");
        var access = await Services.GetRequiredService<FindStaff>().ByToken(token, cancel) ?? throw NotAllowed("访问令牌无效、已过期或已撤销。");
        return access.MustChangePassword ? throw NotAllowed("请先登录并修改一次性密码。") : access;
    }

    static VerbRefusedException NotAllowed(string message) => new(message, VerbRefusedException.NotAllowed);

    /// <summary>A verb that reads must not recompute books by another schema than its own: it would cry wolf, or miss the wolf.</summary>
    static async Task<string?> OtherSchema(OwnerPayDb db, CancellationToken cancel)
    {
        var (known, applied) = (db.Database.GetMigrations().ToList(), (await db.Database.GetAppliedMigrationsAsync(cancel)).ToList());
        if (applied.Except(known).ToList() is { Count: > 0 } newer)
            return $"数据库由更新版本的 OwnerPay 升级过（{string.Join('、', newer)}）。请使用同一版本的程序运行此命令。";
        return known.Except(applied).ToList() is { Count: > 0 } pending
            ? $"数据库结构不是最新的，还有 {pending.Count} 项升级未执行（{string.Join('、', pending)}）。请先用此版本启动一次服务完成升级，再运行此命令。" : null;
    }

    public async ValueTask DisposeAsync()
    {
        await scope.DisposeAsync();
        await app.DisposeAsync();
        writer?.Dispose();
    }
}
