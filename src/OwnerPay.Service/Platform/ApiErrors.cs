using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace OwnerPay.Service.Platform;

/// <summary>Which refusals a route can answer: those it declares, and those that come with its door, its body and its idempotency key.</summary>
public static class ApiErrors
{
    /// <param name="metadata">Of the endpoint.</param>
    /// <returns>By status, then code; a code appears once.</returns>
    public static IReadOnlyList<Error> Of(IEnumerable<object> metadata)
    {
        var all = metadata as IReadOnlyCollection<object> ?? [.. metadata];
        return [.. all.OfType<DeclaredErrors>().SelectMany(declared => declared.Errors).Concat(Implied(all))
            .DistinctBy(error => (error.Status, error.Code)).OrderBy(error => error.Status).ThenBy(error => error.Code, StringComparer.Ordinal)];
    }

    /// <summary>Refusals that come with the door, not with what the route does.</summary>
    public static readonly IReadOnlyList<Error> OfEveryRoute =
        [Problems.SignInNeeded, Problems.NotAllowed, Problems.TooLarge, Problems.WrongMediaType, Problems.TooMany, Problems.Unexpected, IdempotencyKey.Reused];

    /// <summary>True for handlers that ask for the <c>Idempotency-Key</c> header.</summary>
    public static bool TakesKey(MethodInfo? handler) => handler?.GetParameters().Any(parameter => parameter.ParameterType == typeof(IdempotencyKey)) == true;

    static IEnumerable<Error> Implied(IReadOnlyCollection<object> metadata)
    {
        var access = metadata.OfType<RouteAccess>().LastOrDefault();
        if (access is { Anonymous: false }) yield return Problems.SignInNeeded;
        if (access is { Roles.Count: > 0 }) yield return Problems.NotAllowed;
        if (metadata.OfType<IAcceptsMetadata>().Any())
            foreach (var error in (Error[])[Problems.BadRequest, Problems.Validation, Problems.TooLarge, Problems.WrongMediaType]) yield return error;
        if (TakesKey(metadata.OfType<MethodInfo>().FirstOrDefault()))
        {
            yield return IdempotencyKey.Missing;
            yield return IdempotencyKey.Reused;
        }
        yield return Problems.TooMany;
        yield return Problems.Unexpected;
    }
}
