using System.Text.Json.Nodes;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChatEmulator;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChat.Tests.Emulator;

public sealed class ScenarioTests
{
    [Theory]
    [InlineData("{", "line 1: is no JSON of a scenario")]
    [InlineData("""{"faults":[]}""", "line 1: is no JSON of a scenario")]
    [InlineData("""{"name":""}""", "name is empty")]
    [InlineData("{\"name\":\"a\",\n\"fault\":[]}", "line 2: $.fault: not understood")]
    [InlineData("{\"name\":\"a\",\"faults\":[\n{\"kind\":\"earthquake\"}]}", "line 2: $.faults[0].kind: no such fault; there are callbackLost, ")]
    [InlineData("""{"name":"a","chaos":{"seed":1,"rates":{"earthquake":1}}}""", "no such fault; there are callbackLost, ")]
    [InlineData("""{"name":"a","faults":[{"kind":"slow","count":"2"}]}""", "line 1: $.faults[0].count: not understood")]
    [InlineData("""{"name":"a","faults":[{"kind":"slow"},{"kind":"slow","count":0}]}""", "faults[1]: count is 1 or more")]
    [InlineData("""{"name":"a","faults":[{"kind":"refused"}]}""", "faults[0]: refused needs a code")]
    [InlineData("""{"name":"a","chaos":{"seed":1,"rates":{"slow":1.5}}}""", "chaos: a rate is 0 to 1")]
    [InlineData("""{"name":"a","chaos":{"seed":1,"rates":{}}}""", "chaos: rates names no fault")]
    public async Task A_scenario_that_makes_no_sense_is_refused_in_one_line_that_says_where(string text, string reason)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text);

        var refusal = await Assert.ThrowsAsync<EmulatorStartException>(
            () => RunningEmulator.Start(change: options => options with { ScenarioFile = file }));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith($"--scenario: {file}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        File.Delete(file);
    }

    [Fact]
    public async Task A_scenario_that_is_missing_is_named()
    {
        var refusal = await Assert.ThrowsAsync<EmulatorStartException>(
            () => RunningEmulator.Start(change: options => options with { ScenarioFile = "/nowhere/storm.json" }));

        Assert.Equal("--scenario: /nowhere/storm.json cannot be read", refusal.Message);
    }

    [Fact]
    public async Task The_examples_can_be_played_and_their_description_names_exactly_the_faults_there_are()
    {
        var folder = Path.Combine(Repository.Root, "config", "emulator");
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "scenario.schema.json")))!;
        var named = schema["$defs"]!["kind"]!["oneOf"]!.AsArray().Select(kind => (string)kind!["const"]!).ToArray();

        await using (var bad = await Play("bad-day.json"))
            Assert.Contains("callbackLost", (await bad.Get("faults")).AsArray().Select(fault => (string)fault!["kind"]!));
        await using var storm = await Play("storm.json");
        var unknown = await storm.Post("faults", new { kind = "earthquake" });
        foreach (var kind in named)
        {
            var answer = await storm.Post("faults", new { kind, code = kind == "refused" ? "1" : null });
            Assert.True(answer.Status == 200, $"{kind}: {answer.Text}");
        }

        Assert.Equal(20261123, (int)(await storm.Get("chaos"))["chaos"]!["seed"]!);
        Assert.Equal(Enum.GetNames<FaultKind>().Length, named.Distinct().Count());
        Assert.Equal(400, unknown.Status);

        Task<RunningEmulator> Play(string file) =>
            RunningEmulator.Start(change: options => options with { ScenarioFile = Path.Combine(folder, file) });
    }

    [Fact]
    public async Task The_same_seed_brings_the_same_weather_and_none_after_it_is_cleared()
    {
        var first = await Weather(seed: 7);
        var again = await Weather(seed: 7);
        var other = await Weather(seed: 8);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Count(status => status == 429), 10, 50);

        static async Task<List<int>> Weather(int seed)
        {
            await using var emulator = await RunningEmulator.Start();
            await emulator.Order("CHAOS0000001");
            await emulator.Post("chaos", new { seed, rates = new { frequencyLimited = 0.3, systemErrorAfterDoing = 0.1 } });
            var statuses = new List<int>();
            for (var n = 0; n < 100; n++) statuses.Add((await emulator.Query("CHAOS0000001")).Status);
            var ended = await emulator.Admin(HttpMethod.Delete, "chaos");
            Assert.Equal(statuses.Count(status => status == 429), (int)ended.Json["struck"]!["frequencyLimited"]!);
            for (var n = 0; n < 20; n++) Assert.Equal(200, (await emulator.Query("CHAOS0000001")).Status);
            return statuses;
        }
    }

    [Fact]
    public async Task In_any_weather_each_order_is_paid_once_and_told_at_least_once_unless_its_callback_was_lost()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start(change: options => options with { RetrySpeed = 1000 });
        await emulator.Post("chaos", new
        {
            seed = 3, maximumSeconds = 0.2,
            rates = new
            {
                callbackDouble = 0.2, callbackLate = 0.2, callbackOutOfOrder = 0.2, systemErrorAfterDoing = 0.2, frequencyLimited = 0.2,
                connectionReset = 0.1, slow = 0.1, userCancels = 0.3, badSignature = 0.1, certificateRotated = 0.02,
            },
        });
        var numbers = Enumerable.Range(1, 40).Select(n => $"STORM{n:D7}").ToArray();

        await Task.WhenAll(numbers.Select(async number =>
        {
            while (await Status(emulator.Order(emulator.OrderBody(number, merchant.NotifyUrl))) != 200) { }
            while ((await emulator.Post($"orders/{number}/pay")).Code == "user_cancelled") { }
        }));
        await RunningEmulator.Until(async () => (int)(await emulator.Get("statistics"))["callbacksWaiting"]! == 0);

        Assert.Equal(40, (int)(await emulator.Get("statistics"))["payments"]!);
        Assert.Equal(numbers, merchant.Arrivals.Select(arrival => arrival.Open(emulator).OutTradeNo).Distinct().Order(StringComparer.Ordinal));

        static async Task<int> Status(Task<Answer> call)
        {
            try
            {
                return (await call).Status;
            }
            catch (HttpRequestException)
            {
                return 0;
            }
        }
    }

    [Fact]
    public async Task A_call_is_refused_with_any_code_that_WeChat_may_think_of_and_nothing_is_done()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Post("faults", new { kind = "refused", code = "RULE_LIMIT", status = 403, scope = "/close" });
        await emulator.Post("faults", new { kind = "refused", code = "45168", scope = "subscribe/send" });
        await emulator.Order("REFUSED00001");
        var token = (string)(await Phone.Token(emulator))["access_token"]!;
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1" } });

        var refused = await emulator.Close("REFUSED00001");
        var message = await Phone.Send(emulator, "T1", token);

        Assert.Equal((403, "RULE_LIMIT"), (refused.Status, refused.Code));
        Assert.Equal("NOTPAY", (string?)(await emulator.Query("REFUSED00001")).Json["trade_state"]);
        Assert.Equal(45168, (int)message["errcode"]!);
        Assert.Equal(0, (int?)(await Phone.Send(emulator, "T1", token))["errcode"]);
    }

    [Fact]
    public async Task A_payment_in_the_last_second_makes_the_close_find_the_order_paid()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("LASTSECOND01", merchant.NotifyUrl);
        await emulator.Post("faults", new { kind = "payWhileClosing", scope = "LASTSECOND01" });

        var close = await emulator.Close("LASTSECOND01");
        await merchant.UntilArrivals(1);

        Assert.Equal((400, "ORDERPAID"), (close.Status, close.Code));
        Assert.Equal("SUCCESS", (string?)(await emulator.Query("LASTSECOND01")).Json["trade_state"]);
    }

    [Fact]
    public async Task A_certificate_can_change_in_the_middle_of_a_call_and_both_are_listed_for_a_while()
    {
        await using var emulator = await RunningEmulator.Start();
        var before = emulator.Merchant.PlatformCertificateSerial;
        await emulator.Post("faults", new { kind = "certificateRotated", scope = "ROTATE000001" });

        var answer = await emulator.Order(emulator.OrderBody("ROTATE000001"), publicKeyMode: false);
        var listed = await emulator.Call(HttpMethod.Get, "/v3/certificates", publicKeyMode: false);

        Assert.NotEqual(before, answer.Signature.Serial);
        Assert.Equal(emulator.Merchant.PlatformCertificateSerial, answer.Signature.Serial);
        Assert.Equal([before, answer.Signature.Serial!], listed.Json["data"]!.AsArray().Select(one => (string)one!["serial_no"]!));
    }

    [Fact]
    public async Task Every_third_signature_is_a_probe_when_asked_for_and_what_is_repeated_verifies()
    {
        await using var emulator = await RunningEmulator.Start(change: options => options with { ProbeEvery = 3 });
        await emulator.Order("PROBE0000001");

        var answers = new List<Answer>();
        for (var n = 0; n < 6; n++) answers.Add(await emulator.Query("PROBE0000001"));

        bool IsProbe(Answer answer) => answer.Signature.Signature!.StartsWith("WECHATPAY/SIGNTEST/", StringComparison.Ordinal);
        Assert.Equal([false, true, false, false, true, false], answers.Select(IsProbe));
        Assert.All(answers, answer => Assert.Equal(
            IsProbe(answer) ? Verification.BadSignature : Verification.Accepted, emulator.Verify(answer.Signature, answer.Raw)));
    }
}
