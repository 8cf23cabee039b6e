using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Verbs;

/// <summary>Writes what clients build on, from the program as it is: both OpenAPI documents, the error codes, the catalogue of subscription messages.</summary>
/// <remarks>The instance is built but never started: no port, no job, no database. Its keys live in a folder that is deleted at once.</remarks>
public static class WriteContracts
{
    static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    const string Usage = "contracts 目录 --templates 文件.json（由构建调用：写出接口文档、错误码与消息目录）";

    public static readonly Verb Verb = new("contracts", Usage, async (args, cancel) =>
    {
        var arguments = VerbArguments.Read(args, Usage, own: ["--templates"]);
        if (arguments.Places is not [var root] || !arguments.Options.TryGetValue("--templates", out var templates))
            throw new VerbRefusedException($"用法：{Usage}", VerbRefusedException.WrongUsage);
        await Run(root, templates, cancel);
        return 0;
    });

    /// <param name="root">The repository, or an empty folder that shall hold the same files at the same places.</param>
    /// <param name="templates">The templates from which the catalogue takes its examples: a file as <c>import templates</c> reads it.</param>
    /// <exception cref="InvalidDataException">The routes contradict each other, or the templates do not fit the message kinds.</exception>
    public static async Task Run(string root, string templates, CancellationToken cancel)
    {
        var keys = Directory.CreateTempSubdirectory("ownerpay-contracts-");
        try
        {
            await using var app = ServiceApp.Build(["--data", keys.FullName], businessTime: null, builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Warning);
                builder.Services.RemoveAll<IHostedService>();
            });
            app.UseEndpoints(_ => { });    // makes the routes known to the API explorer, which otherwise happens at the start
            await using var scope = app.Services.CreateAsyncScope();
            foreach (var name in ApiDocuments.Names)
                await Write(root, name == "owner" ? "miniprogram-contracts/openapi/owner.json" : $"docs/openapi/{name}.json", await Document(app, name, cancel), cancel);
            var codes = ErrorCodes(app.Services.GetRequiredService<EndpointDataSource>());
            await Write(root, "miniprogram-contracts/error-codes.json", JsonSerializer.Serialize(new { errors = codes }, Layout) + "\n", cancel);
            await Write(root, "miniprogram-contracts/types/error-codes.d.ts", ErrorTypes(codes), cancel);
            var file = JsonSerializer.Deserialize<TemplatesFile>(await File.ReadAllTextAsync(templates, cancel), Json.Options) ?? throw new InvalidDataException(templates);
            var catalogue = TemplateCatalogue.Of(file, scope.ServiceProvider.GetServices<IMessageKind>());
            await Write(root, "miniprogram-contracts/message-templates.json", JsonSerializer.Serialize(catalogue, Layout) + "\n", cancel);
        }
        finally
        {
            keys.Delete(recursive: true);
        }
    }

    static async Task<string> Document(WebApplication app, string name, CancellationToken cancel)
    {
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync(cancel);
        return (await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancel)).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }

    /// <param name="Title">What people read; routes may word it more closely.</param>
    /// <param name="Doors">Which documents name it.</param>
    sealed record ErrorCode(string Code, int Status, string Title, IReadOnlyList<string> Doors);

    static IReadOnlyList<ErrorCode> ErrorCodes(EndpointDataSource routes)
    {
        var declared =
            from route in routes.Endpoints
            let door = route.Metadata.GetMetadata<IEndpointGroupNameMetadata>()?.EndpointGroupName
            where door is not null
            from error in ApiErrors.Of(route.Metadata)
            select (door, error);
        return [.. declared.GroupBy(pair => pair.error.Code).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
        {
            var statuses = group.Select(pair => pair.error.Status).Distinct().ToList();
            if (statuses.Count > 1) throw new InvalidDataException($"错误码 {group.Key} 同时用于状态 {string.Join('、', statuses)}。");
            return new ErrorCode(group.Key, statuses[0], group.Select(pair => pair.error.Title).Min(StringComparer.Ordinal)!,
                [.. group.Select(pair => pair.door!).Distinct().Order(StringComparer.Ordinal)]);
        })];
    }

    static string ErrorTypes(IReadOnlyList<ErrorCode> codes)
    {
        var text = new StringBuilder("/** Generated from the routes of the service. */\n");
        foreach (var door in ApiDocuments.Names)
        {
            text.Append("\n/** Every `code` that a problem of the ").Append(door).Append(" API can carry. */\n");
            text.Append("export type ").Append(char.ToUpperInvariant(door[0])).Append(door.AsSpan(1)).Append("ErrorCode =");
            foreach (var code in codes.Where(code => code.Doors.Contains(door))) text.Append("\n  | \"").Append(code.Code).Append('"');
            text.Append(";\n");
        }
        return text.ToString();
    }

    static async Task Write(string root, string path, string text, CancellationToken cancel)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancel);
    }
}
