using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace OwnerPay.Service.Platform;

/// <summary>The two OpenAPI documents, one for owners and one for staff, made from the routes as they are, and the pages that show them.</summary>
/// <remarks>Documents at <c>/openapi/owner.json</c> and <c>/openapi/staff.json</c>, pages at <c>/docs/owner</c> and <c>/docs/staff</c>. Everything
/// the pages load comes from this service; their policy forbids any other address.</remarks>
public static class ApiDocuments
{
    /// <summary>Names of the documents; the doors put their routes in the group of that name.</summary>
    public static readonly IReadOnlyList<string> Names = ["owner", "staff"];

    // The slices as people call them; routes are grouped by the slice that answers.
    static readonly Dictionary<string, string> Slices = new()
    {
        ["Billing"] = "账单与收费标准", ["Campaigns"] = "群发与结果", ["Disclosure"] = "公告与公示", ["Documents"] = "单据", ["Events"] = "社区活动",
        ["Home"] = "首页", ["Invoices"] = "发票", ["Ledger"] = "账簿", ["Messaging"] = "消息与模板", ["Models"] = "缴费模范户", ["Owners"] = "登录与绑定",
        ["PayLinks"] = "缴费链接", ["Payments"] = "缴费", ["Points"] = "积分", ["Promotions"] = "优惠与试算", ["Reconciliation"] = "对账",
        ["Reports"] = "报表与导出", ["Rewards"] = "积分兑换", ["Roster"] = "小区、房屋与人员", ["Staff"] = "员工、审批与待办", ["Surveys"] = "问卷",
        ["WeChatPay"] = "微信支付",
    };

    const string BearerScheme = "bearer", CookieScheme = "cookie", ProblemSchema = "Problem", ProblemType = "application/problem+json";

    public static void AddApiDocuments(this IServiceCollection services)
    {
        foreach (var name in Names)
            services.AddOpenApi(name, options =>
            {
                options.AddSchemaTransformer(Shape);
                options.AddOperationTransformer(Describe);
                options.AddDocumentTransformer((document, _, _) => Head(document, name));
            });
    }

    public static void MapApiDocuments(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName:regex(^(owner|staff)$)}.json").BeforeSignIn(Door.Public, RateLimits.Normal);
        foreach (var name in Names)
            app.MapScalarApiReference($"/docs/{name}", (page, http) =>
            {
                var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
                http.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; connect-src 'self'; script-src 'self' 'nonce-{nonce}'; "
                    + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
                page.WithNonce(nonce).WithTitle(Title(name)).WithOpenApiRoutePattern($"/openapi/{name}.json")
                    .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools();
            }).BeforeSignIn(Door.Public, RateLimits.Normal);
    }

    static string Title(string name) => name == "owner" ? "OwnerPay 业主接口" : "OwnerPay 物业与财务接口";

    static Task Head(OpenApiDocument document, string name)
    {
        document.Info = new OpenApiInfo
        {
            Title = Title(name),
            Version = "v1",
            Description = """
                金额一律为整数，单位分（字段名以 Fen 结尾）；日期为 yyyy-MM-dd，时刻带时区 +08:00。
                列表按 nextCursor 翻页，为 null 时到底。涉及钱、积分、库存的操作要带请求头 Idempotency-Key：每次点击换一个，重试时不换。
                出错时返回 application/problem+json：code 供程序判断，title 是可直接展示的中文。
                """,
        };
        document.Servers = [];
        var used = document.Paths.Values.SelectMany(path => path.Operations ?? []).SelectMany(operation => operation.Value.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(tag => tag.Reference.Id).ToHashSet();
        document.Tags = (document.Tags ?? new HashSet<OpenApiTag>()).Where(tag => used.Contains(tag.Name)).OrderBy(tag => tag.Name, StringComparer.Ordinal).ToHashSet();
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas?.Remove("ProblemDetails");
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[BearerScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer",
            Description = name == "owner" ? "POST /sessions 换得的会话令牌，有效两小时" : "个人访问令牌，供脚本和命令行使用",
        };
        if (name == "staff")
            document.Components.SecuritySchemes[CookieScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "ownerpay-staff", Description = "POST /sign-in 后的登录状态",
            };
        document.AddComponent(ProblemSchema, Problem());
        ApiShapes.OpenAnswers(document);
        return Task.CompletedTask;
    }

    static OpenApiTagReference Tag(string slice, OpenApiDocument document)
    {
        document.Tags ??= new HashSet<OpenApiTag>();
        if (document.Tags.All(tag => tag.Name != slice))
            document.Tags.Add(new OpenApiTag
            {
                Name = slice, Extensions = new Dictionary<string, IOpenApiExtension> { ["x-displayName"] = new JsonNodeExtension(Slices.GetValueOrDefault(slice, slice)) },
            });
        return new OpenApiTagReference(slice, document);
    }

    /// <summary>What the schema maker cannot see behind our converters.</summary>
    static Task Shape(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = context.JsonTypeInfo.Type;
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(DateTimeOffset)) (schema.Type, schema.Format) = (JsonSchemaType.String | (type == bare ? 0 : JsonSchemaType.Null), "date-time");
        if (bare.IsEnum) schema.Type = JsonSchemaType.String | (type == bare ? 0 : JsonSchemaType.Null);
        return Task.CompletedTask;
    }

    static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var document = context.Document ?? throw new InvalidOperationException("An operation is described within its document.");
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var handler = metadata.OfType<MethodInfo>().FirstOrDefault();
        if (handler?.DeclaringType is { } home)
        {
            operation.Tags = new HashSet<OpenApiTagReference> { Tag(home.Namespace!.Split('.')[^1], document) };
            operation.Description = ApiTexts.Of(home);
        }
        operation.Summary = ApiTexts.Words(operation.OperationId ?? "");
        Parameters(operation, context.Description.RelativePath ?? "", handler, metadata.OfType<DeclaredHeader>());
        Refusals(operation, document, ApiErrors.Of(metadata));
        if (metadata.OfType<RouteAccess>().LastOrDefault() is not { Anonymous: false } access) return Task.CompletedTask;
        operation.Security = [new() { [new(BearerScheme, document)] = [] }];
        if (access.Door == Door.Staff) operation.Security.Add(new() { [new(CookieScheme, document)] = [] });
        if (access.Roles.Count > 0) operation.Description = $"{operation.Description}\n\n角色：{string.Join("、", access.Roles)}".TrimStart();
        return Task.CompletedTask;
    }

    /// <summary>Parameters that handlers take through their own binding: route values read by the signed-in member, the idempotency key, headers
    /// that a door asks for.</summary>
    static void Parameters(OpenApiOperation operation, string path, MethodInfo? handler, IEnumerable<DeclaredHeader> headers)
    {
        operation.Parameters ??= [];
        foreach (var name in path.Split('{').Skip(1).Select(rest => rest.Split('}', ':')[0]))
            if (!operation.Parameters.Any(parameter => parameter.In == ParameterLocation.Path && parameter.Name == name))
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
                });
        foreach (var choice in handler?.GetParameters() ?? [])
            if (Choices(choice.ParameterType) is { } words && operation.Parameters.OfType<OpenApiParameter>().SingleOrDefault(known => known.Name == choice.Name) is { } parameter)
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(word))] };
        if (ApiErrors.TakesKey(handler))
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "Idempotency-Key", In = ParameterLocation.Header, Required = true,
                Description = "8–64 位字母、数字、- 或 _。每次点击换一个，重试同一次点击时不换。",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Za-z0-9_-]{8,64}$" },
            });
        foreach (var header in headers)
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name, In = ParameterLocation.Header, Description = header.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        if (operation.Parameters.Count == 0) operation.Parameters = null;
    }

    /// <returns>The words of a <see cref="Choice{T}"/>; null for any other type.</returns>
    static string[]? Choices(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsGenericType: true } choice && choice.GetGenericTypeDefinition() == typeof(Choice<>)
            ? Enum.GetNames(choice.GenericTypeArguments[0])
            : null;

    static void Refusals(OpenApiOperation operation, OpenApiDocument document, IReadOnlyList<Error> errors)
    {
        var byStatus = new SortedDictionary<string, IOpenApiResponse>(StringComparer.Ordinal);
        foreach (var (status, answer) in operation.Responses ?? []) byStatus[status] = answer;
        foreach (var group in errors.GroupBy(error => error.Status))
            byStatus[group.Key.ToString(CultureInfo.InvariantCulture)] = group.Count() == 1 && ApiErrors.OfEveryRoute.Contains(group.First())
                ? Shared(group.First(), document)
                : Refusal([.. group], document);
        operation.Responses = [];
        foreach (var (status, answer) in byStatus) operation.Responses.Add(status, answer);
    }

    /// <summary>What nearly every route can answer stands in the document once.</summary>
    static OpenApiResponseReference Shared(Error error, OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        document.Components.Responses.TryAdd(error.Code, Refusal([error], document));
        return new OpenApiResponseReference(error.Code, document);
    }

    static OpenApiResponse Refusal(IReadOnlyList<Error> errors, OpenApiDocument document) => new()
    {
        Description = string.Join("；", errors.Select(error => $"`{error.Code}` {error.Title}")),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [ProblemType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema
                {
                    AllOf =
                    [
                        new OpenApiSchemaReference(ProblemSchema, document),
                        new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object, Required = new HashSet<string> { "code" },
                            Properties = new Dictionary<string, IOpenApiSchema>
                            {
                                ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. errors.Select(error => (JsonNode)error.Code)] },
                            },
                        },
                    ],
                },
            },
        },
    };

    static OpenApiSchema Problem()
    {
        static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "RFC 9457 problem details",
            Required = new HashSet<string> { "type", "title", "status", "code" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("urn:ownerpay:error: 加上 code"),
                ["title"] = Text("可直接展示的中文"),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                ["detail"] = Text("应当怎样，或下一步做什么"),
                ["code"] = Text("稳定不变的错误码"),
                ["field"] = Text("有误的字段"),
                ["traceId"] = Text("报障时请提供"),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object, Description = "字段 → 说明（validation_failed 时）",
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
            },
        };
    }
}
