using System.Security.Cryptography;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Verbs;

/// <summary><c>import roster|readings FILE.xlsx</c> and <c>import tariffs|… FILE.json</c>: the same operations as behind the staff door, for scripts.</summary>
static class ImportVerb
{
    const string Usage =
        "import roster|readings 文件.xlsx [--good-rows] | bank 文件.csv或.xlsx --account 账户编号 | "
        + "tariffs|offers|rewards|templates|lpr 文件.json [--again] | merchant 文件.json"
        + " [--community 小区编号] [--data 目录 | --database 连接串]";

    public static readonly Verb Verb = new("import", Usage, Run);

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        string[] flags = args is ["roster" or "readings", ..] ? ["--good-rows"] : args is ["merchant" or "bank", ..] ? [] : ["--again"];
        var arguments = VerbArguments.Read(args, Usage, own: args is ["bank", ..] ? ["--community", "--account"] : ["--community"], flags);
        if (arguments.Places is not [var kind, var file]) throw new VerbRefusedException($"用法：{Usage}", VerbRefusedException.WrongUsage);
        if (kind is not ("roster" or "readings" or "bank") && !ImportJson.Knows(kind))
            throw new VerbRefusedException($"不能导入 {kind}。\n用法：{Usage}", VerbRefusedException.WrongUsage);
        if (!File.Exists(file)) throw new VerbRefusedException($"找不到文件 {file}。", VerbRefusedException.WrongUsage);
        await using var call = await VerbCall.OpenForWriting(arguments.ForService, cancel);
        if (kind == "readings") return await Readings(call, file, arguments, cancel);
        if (kind == "bank") return await Bank(file, arguments, call, cancel);
        if (kind != "roster") return await ImportJson.Run(kind, file, call, arguments, cancel);
        var staff = await call.SignInFor("importRoster", arguments.Options.GetValueOrDefault("--community"), cancel);
        return Tell(await Import(call, staff, file, arguments.Options.ContainsKey("--good-rows"), cancel));
    }

    static async Task<int> Bank(string path, VerbArguments arguments, VerbCall call, CancellationToken cancel)
    {
        if (arguments.Options.GetValueOrDefault("--account") is not { } account) throw new VerbRefusedException($"请用 --account 指定银行账户编号。\n用法：{Usage}", VerbRefusedException.WrongUsage);
        var staff = await call.SignInFor("importBankStatement", arguments.Options.GetValueOrDefault("--community"), cancel);
        await using var file = File.OpenRead(path);
        // A fresh key for each call: rows of the statement are unique by themselves, and a second run tells how many were known.
        var key = new IdempotencyKey("staff", staff.Actor, "importBankStatement", RandomNumberGenerator.GetHexString(32));
        var imported = await call.Services.GetRequiredService<ImportStatement>().Run(account, Path.GetFileName(path), file, key, staff, cancel);
        if (imported.Refusal is { } refusal) throw VerbFile.Refused(refusal);
        var report = imported.Value;
        foreach (var fault in report.Faults) Terminal.Here.Out.WriteLine($"有误：第 {fault.Row} 行 {fault.Column}：{fault.Text}");
        Terminal.Here.Out.WriteLine($"读取 {report.Read} 行（{report.Layout}）：写入 {report.Written}，未变 {report.Unchanged}，跳过 {report.Skipped}，有误 {report.Bad}。");
        if (report.Bad > 0) throw new VerbRefusedException("没有写入任何内容，请改正后重新导入。");
        Terminal.Here.Out.WriteLine($"已入账 {report.Settled} 笔，待确认 {report.Proposed} 笔，待认领 {report.Unknown} 笔。");
        return 0;
    }

    static async Task<RosterReport> Import(VerbCall call, StaffMember staff, string path, bool goodRows, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        var import = call.Services.GetRequiredService<ImportRoster>();
        var begun = await import.Begin(staff.CommunityId, staff.StaffId, Path.GetFileName(path), file, cancel);
        var running = import.Run(begun, file, goodRows, cancel);
        var progress = call.Services.GetRequiredService<ImportProgress>();
        while (await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1), cancel)) != running)
            await Terminal.Here.Error.WriteLineAsync($"已读取 {progress.RowsRead(begun.Id) ?? 0} 行…");
        return await running;
    }

    static async Task<int> Readings(VerbCall call, string path, VerbArguments arguments, CancellationToken cancel)
    {
        var staff = await call.SignInFor("importReadings", arguments.Options.GetValueOrDefault("--community"), cancel);
        await using var file = File.OpenRead(path);
        var report = await call.Services.GetRequiredService<ImportReadings>().Run(file, arguments.Options.ContainsKey("--good-rows"), staff, cancel);
        return Tell(new(Guid.Empty, report.Stored ? RosterImportState.Done : RosterImportState.Refused, Path.GetFileName(path), report.Read, report.Written,
            report.Unchanged, report.Skipped, report.Bad, report.FaultsLeftOut, report.Faults, report.Notes));
    }

    static int Tell(RosterReport report)
    {
        foreach (var fault in report.Faults) Terminal.Here.Out.WriteLine($"有误：{fault}");
        if (report.FaultsLeftOut > 0) Terminal.Here.Out.WriteLine($"另有 {report.FaultsLeftOut} 处未列出。");
        foreach (var note in report.Notes) Terminal.Here.Out.WriteLine($"提示：{note.Sheet} 第 {note.Row} 行 {note.Column}：{note.Text}");
        Terminal.Here.Out.WriteLine($"读取 {report.Read} 行：写入 {report.Written}，未变 {report.Unchanged}，跳过 {report.Skipped}，有误 {report.Bad}。");
        if (report.State == RosterImportState.Done) return 0;
        throw new VerbRefusedException(report.Bad > 0 ? "没有写入任何内容。改正后重新导入，或加 --good-rows 只导入无误的行。" : "没有写入任何内容。");
    }
}
