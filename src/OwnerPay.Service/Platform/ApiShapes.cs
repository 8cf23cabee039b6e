using Microsoft.OpenApi;

namespace OwnerPay.Service.Platform;

/// <summary>Which shapes of a document are closed. A request with a field that we do not know is refused, for it is a slip of the pen; an answer may
/// gain fields at any time, and a client made today must live with them.</summary>
static class ApiShapes
{
    /// <summary>Opens everything that an answer can hold. A shape that stands in both is open too: the promise to readers weighs more.</summary>
    public static void OpenAnswers(OpenApiDocument document)
    {
        var seen = new HashSet<string>();
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
            foreach (var content in (operation.Responses ?? []).Values.SelectMany(answer => answer.Content?.Values ?? []))
                Open(content.Schema, document, seen);
    }

    static void Open(IOpenApiSchema? schema, OpenApiDocument document, HashSet<string> seen)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id })
        {
            if (seen.Add(id) && document.Components?.Schemas?.TryGetValue(id, out var named) == true) Open(named, document, seen);
            return;
        }
        if (schema is not OpenApiSchema shape) return;
        shape.AdditionalPropertiesAllowed = true;
        IEnumerable<IOpenApiSchema?> parts =
            [shape.Items, shape.AdditionalProperties, .. shape.Properties?.Values ?? [], .. shape.AllOf ?? [], .. shape.AnyOf ?? [], .. shape.OneOf ?? []];
        foreach (var part in parts) Open(part, document, seen);
    }
}
