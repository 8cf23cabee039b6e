using System.Net;
using System.Text;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Doors;

public sealed class BadInputTests(Servers servers)
{
    [Theory]
    [InlineData("/api/staff/v1/sign-in")]
    [InlineData("/api/owner/v1/sessions")]
    public async Task A_body_of_ten_megabytes_is_refused_before_it_is_read(string path)
    {
        var installation = await servers.Shared(Database.Sqlite);
        // A busy server may take its time to say no; a client that loses patience would send all of it into a closed door.
        using var patient = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        using var http = new HttpClient(patient) { BaseAddress = installation.Addresses[0] };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(new string(' ', 10 << 20), Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true;
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        await IsProblem(answer, "body_too_large", "提交的内容过大");
    }

    [Theory]
    [InlineData("""{"label":"x","days":1,"admin":true}""", "admin")]
    [InlineData("""{"label":"x","days":"1"}""", "days")]
    [InlineData("""{"label":"x","days":1.5}""", "days")]
    [InlineData("""{"label":null,"days":1}""", "label")]
    [InlineData("""{"label":"x"}""", null)]
    [InlineData("""{"label":"x","days":1""", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    public async Task An_unknown_field_a_number_as_text_and_broken_json_are_named_and_change_nothing(string body, string? field)
    {
        var estate = await servers.Estate(Database.Sqlite);
        var answer = await estate.Clerk.Send(HttpMethod.Post, "/tokens", new StringContent(body, Encoding.UTF8, "application/json"), null);
        Assert.Equal((400, "bad_request"), (answer.Status, answer.Code));
        if (field is not null) Assert.Equal(field, answer["field"].GetValue<string>());
        Assert.Equal("请求格式有误", answer["title"].GetValue<string>());
        Assert.Null(answer.Body!["detail"]);
    }

    [Fact]
    public async Task Validation_names_the_field_and_speaks_chinese()
    {
        var estate = await servers.Estate(Database.Sqlite);
        var answer = await estate.Clerk.Post("/tokens", new { label = "x", days = 400 });
        Assert.Equal((400, "validation_failed", "days"), (answer.Status, answer.Code, answer["field"].GetValue<string>()));
        Assert.Equal("提交的内容有误", answer["title"].GetValue<string>());
    }

    [Fact]
    public async Task Another_content_type_and_another_method_are_refused_as_problems()
    {
        var estate = await servers.Estate(Database.Sqlite);
        var form = await estate.Clerk.Send(HttpMethod.Post, "/tokens", new FormUrlEncodedContent([new("label", "x")]), null);
        Assert.Equal((415, "unsupported_media_type"), (form.Status, form.Code));
        var method = await estate.Clerk.Send(HttpMethod.Put, "/tokens", new { }, null);
        Assert.Equal((405, "method_not_allowed"), (method.Status, method.Code));
    }

    [Fact]
    public async Task No_answer_tells_what_program_stands_behind_it()
    {
        var estate = await servers.Estate(Database.Sqlite);
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[0] };
        using var answer = await http.PostAsync("/api/staff/v1/sign-in", new StringContent("{\"login\":1}", Encoding.UTF8, "application/json"));
        Assert.Empty(answer.Headers.Server);
        Assert.DoesNotContain("System.", await answer.Content.ReadAsStringAsync());
    }

    static async Task IsProblem(HttpResponseMessage answer, string code, string title)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var body = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((code, title), (body["code"]!.GetValue<string>(), body["title"]!.GetValue<string>()));
    }
}
