using System.Text.Json.Nodes;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Doors;

/// <summary>What developers of a mini-program or of a script are told about the API.</summary>
public sealed class ApiDocumentTests(Servers servers)
{
    [Theory]
    [InlineData("owner")]
    [InlineData("staff")]
    public async Task A_developer_reads_of_every_operation_who_may_call_it_and_how_it_can_fail(string door)
    {
        var document = await Document(door);

        var operations = Operations(document).ToList();
        Assert.NotEmpty(operations);
        Assert.Empty(operations.Where(operation => Silent(operation.Value)).Select(operation => operation.Key));
        Assert.Equal(operations.Count, operations.Select(operation => operation.Value["operationId"]!.GetValue<string>()).Distinct().Count());
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("staff")]
    public async Task A_developer_never_finds_an_amount_that_is_no_whole_number(string door)
    {
        var properties = Schemas(await Document(door)).ToList();

        var amounts = properties.Where(property => property.Name.EndsWith("Fen", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(amounts);
        Assert.Empty(amounts.Where(property => !IsInteger(property.Schema)).Select(property => $"{property.Shape}.{property.Name}"));
        Assert.True(IsInteger(JsonNode.Parse("""{ "type": ["null", "integer"] }""")!));
        Assert.False(IsInteger(JsonNode.Parse("""{ "type": ["integer", "string"] }""")!));    // what a serializer that takes text for numbers would say
        Assert.False(IsInteger(JsonNode.Parse("""{ "type": "number" }""")!));
    }

    [Fact]
    public async Task An_owner_who_pays_is_documented_to_send_a_key_and_to_learn_that_the_price_changed()
    {
        var pay = (await Document("owner"))["paths"]!["/api/owner/v1/houses/{houseId}/payments"]!["post"]!;

        var parameters = pay["parameters"]!.AsArray();
        Assert.Contains(parameters, parameter => (string?)parameter!["name"] == "Idempotency-Key" && (bool)parameter["required"]!);
        Assert.Contains(parameters, parameter => (string?)parameter!["name"] == "houseId" && (string?)parameter["in"] == "path");
        Assert.Contains("quote_changed", pay["responses"]!["409"]!.ToJsonString(), StringComparison.Ordinal);
    }

    // A client that is strict about answers breaks on the day on which one gains a field.
    [Theory]
    [InlineData("owner")]
    [InlineData("staff")]
    public async Task A_client_made_from_the_document_lives_with_new_fields_in_answers_and_learns_that_requests_take_none(string door)
    {
        var document = await Document(door);
        var answers = Operations(document).SelectMany(operation => Shapes(document, operation.Value["responses"], [])).ToList();
        var requests = Operations(document).SelectMany(operation => Shapes(document, operation.Value["requestBody"]?["content"]?["application/json"], [])).Except(answers).ToList();

        Assert.Empty(answers.Where(shape => shape.ContainsKey("additionalProperties") && shape["additionalProperties"] is JsonValue).Select(shape => shape.ToJsonString()));
        Assert.NotEmpty(requests);
        Assert.Empty(requests.Where(shape => shape["properties"] is not null && (bool?)shape["additionalProperties"] != false).Select(shape => shape.ToJsonString()));
    }

    [Fact]
    public async Task A_console_that_signs_in_by_cookie_reads_which_header_proves_its_writes()
    {
        var operations = Operations(await Document("staff")).ToList();
        bool Named(JsonNode operation) => operation["parameters"]?.AsArray().Any(parameter => (string?)parameter!["name"] == "X-OwnerPay-Csrf") == true;

        Assert.All(operations.Where(operation => operation.Key.StartsWith("get ", StringComparison.Ordinal)), operation => Assert.False(Named(operation.Value)));
        Assert.All(operations.Where(operation => operation.Value["responses"]!.ToJsonString().Contains("csrf_header_missing", StringComparison.Ordinal)),
            operation => Assert.True(Named(operation.Value), operation.Key));
        Assert.Contains(operations, operation => Named(operation.Value));
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("staff")]
    public async Task The_pages_that_show_the_api_load_nothing_from_other_servers(string door)
    {
        var installation = await servers.Shared(Database.Sqlite);
        using var http = new HttpClient { BaseAddress = installation.Addresses[0] };

        using var page = await http.GetAsync($"/docs/{door}/");
        var text = await page.Content.ReadAsStringAsync();
        var script = await http.GetAsync($"/docs/{door}/scalar.js");

        Assert.True(page.IsSuccessStatusCode);
        Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.True(script.IsSuccessStatusCode);
    }

    async Task<JsonNode> Document(string door)
    {
        var installation = await servers.Shared(Database.Sqlite);
        using var api = new Api(installation.Addresses[0], "", null);
        return (await api.Get($"/openapi/{door}.json")).Done().Body!;
    }

    static IEnumerable<KeyValuePair<string, JsonNode>> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select KeyValuePair.Create($"{operation.Key} {path.Key}", operation.Value!);

    /// <summary>Names neither a way in nor the limits that every route has.</summary>
    static bool Silent(JsonNode operation) =>
        operation["responses"] is not JsonObject responses || !responses.ContainsKey("429") || !responses.Any(answer => answer.Key[0] == '2')
        || operation["security"] is null && operation["operationId"]!.GetValue<string>() is not ("openSession" or "signIn");

    /// <summary>Every object schema below a part of the document, through its references.</summary>
    static IEnumerable<JsonObject> Shapes(JsonNode document, JsonNode? part, HashSet<string> seen)
    {
        if (part is JsonArray items) return items.SelectMany(item => Shapes(document, item, seen));
        if (part is not JsonObject node) return [];
        if (node["$ref"] is JsonValue reference)
        {
            var name = reference.GetValue<string>().TrimStart('#', '/');
            return seen.Add(name) ? Shapes(document, name.Split('/').Aggregate(document, (at, step) => at[step]!), seen) : [];
        }
        var below = node.SelectMany(member => Shapes(document, member.Value, seen));
        return node["type"]?.ToJsonString().Contains("object", StringComparison.Ordinal) == true ? below.Prepend(node) : below;
    }

    static IEnumerable<(string Shape, string Name, JsonNode Schema)> Schemas(JsonNode document) =>
        from shape in document["components"]!["schemas"]!.AsObject()
        from property in shape.Value!["properties"]?.AsObject() ?? []
        select (shape.Key, property.Key, property.Value!);

    static bool IsInteger(JsonNode schema)
    {
        var types = schema["type"] switch
        {
            JsonArray several => several.Select(type => (string)type!),
            JsonValue one => [(string)one!],
            _ => [],
        };
        return types.Order(StringComparer.Ordinal).Where(type => type != "null").SequenceEqual(["integer"]);
    }
}
