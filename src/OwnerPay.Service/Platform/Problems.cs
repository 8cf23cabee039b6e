using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace OwnerPay.Service.Platform;

/// <summary>RFC 9457 problem details: every error answer has a stable <c>code</c>, a Chinese <c>title</c> and, where one is wrong, the <c>field</c>.</summary>
public static class Problems
{
    public static readonly Error Validation = new(400, "validation_failed", "提交的内容有误");
    public static readonly Error BadRequest = new(400, "bad_request", "请求格式有误");
    public static readonly Error SignInNeeded = new(401, "sign_in_needed", "请先登录");
    public static readonly Error NotAllowed = new(403, "not_allowed", "没有权限执行此操作");
    public static readonly Error NotFound = new(404, "not_found", "没有找到");
    public static readonly Error MethodNotAllowed = new(405, "method_not_allowed", "不支持的操作方式");
    public static readonly Error TooLarge = new(413, "body_too_large", "提交的内容过大");
    public static readonly Error WrongMediaType = new(415, "unsupported_media_type", "不支持的内容类型");
    public static readonly Error TooMany = new(429, "too_many_requests", "操作过于频繁，请稍后再试");
    public static readonly Error Unexpected = new(500, "internal_error", "系统繁忙，请稍后再试");

    static readonly Error[] ByStatus = [BadRequest, SignInNeeded, NotAllowed, NotFound, MethodNotAllowed, TooLarge, WrongMediaType, TooMany, Unexpected];

    public static ProblemHttpResult ToProblem(this Error error) => TypedResults.Problem(Details(error));

    public static ProblemDetails Details(Error error)
    {
        var details = new ProblemDetails { Status = error.Status, Title = error.Title, Detail = error.Detail, Type = $"urn:ownerpay:error:{error.Code}" };
        details.Extensions["code"] = error.Code;
        if (error.Field is not null) details.Extensions["field"] = error.Field;
        foreach (var (name, fact) in error.More ?? new Dictionary<string, object?>()) details.Extensions[name] = fact;
        return details;
    }

    /// <summary>Declares on a route which refusals it can answer: for the OpenAPI document and for the list of codes in the contracts.</summary>
    public static TBuilder CanFail<TBuilder>(this TBuilder route, params Error[] errors) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in errors.Select(error => error.Status).Distinct())
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
        return route.WithMetadata(new DeclaredErrors(errors));
    }

    public static void AddProblems(this IServiceCollection services) =>
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var details = context.ProblemDetails;
            if (details is HttpValidationProblemDetails validation)
            {
                details.Title = Validation.Title;
                details.Type = $"urn:ownerpay:error:{Validation.Code}";
                details.Extensions["code"] = Validation.Code;
                details.Extensions["field"] = validation.Errors.Keys.FirstOrDefault() is { } path ? CamelCase(path) : null;
            }
            if (!details.Extensions.ContainsKey("code")) Complete(details, details.Status ?? 500);
            details.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        });

    // Validation names properties as they are written here; clients know them as they are written in JSON.
    static string CamelCase(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = failure => failure switch
            {
                RefusedRequestException refused => refused.Error.Status,
                BadHttpRequestException bad => bad.StatusCode,
                _ => 500,
            },
            ExceptionHandler = Answer,
            SuppressDiagnosticsCallback = context => context.Exception is RefusedRequestException or BadHttpRequestException
                || (context.Exception is OperationCanceledException && context.HttpContext.RequestAborted.IsCancellationRequested),
        });
        app.UseStatusCodePages(context => Write(context.HttpContext, context.HttpContext.Response.StatusCode, null));
    }

    static Task Answer(HttpContext http)
    {
        var failure = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (failure is RefusedRequestException refused) return Write(http, Details(refused.Error));
        // Where JSON does not fit, the path says which field; the text of the exception stays here, it may quote values.
        var field = failure is BadHttpRequestException { InnerException: JsonException json } ? json.Path?.TrimStart('$', '.') : null;
        return Write(http, http.Response.StatusCode, field);
    }

    static Task Write(HttpContext http, int status, string? field)
    {
        var details = new ProblemDetails { Status = status };
        Complete(details, status);
        if (!string.IsNullOrEmpty(field)) details.Extensions["field"] = field;
        return Write(http, details);
    }

    static Task Write(HttpContext http, ProblemDetails details) =>
        http.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new() { HttpContext = http, ProblemDetails = details }).AsTask();

    static void Complete(ProblemDetails details, int status)
    {
        var error = ByStatus.FirstOrDefault(known => known.Status == status) ?? (status < 500 ? BadRequest with { Status = status } : Unexpected with { Status = status });
        details.Title = error.Title;
        details.Detail = null;
        details.Type = $"urn:ownerpay:error:{error.Code}";
        details.Extensions["code"] = error.Code;
    }
}

/// <summary>Route metadata: the refusals that this route declares.</summary>
public sealed record DeclaredErrors(IReadOnlyList<Error> Errors);

/// <summary>Route metadata: a header that the route's door asks for, in a way that no parameter of the handler shows.</summary>
/// <param name="Description">When it is needed and what it holds, in Chinese.</param>
public sealed record DeclaredHeader(string Name, string Description);
