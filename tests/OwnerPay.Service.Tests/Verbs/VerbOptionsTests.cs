namespace OwnerPay.Service.Tests.Verbs;

public sealed class VerbOptionsTests
{
    // A mistyped --database used to be passed over: the command then worked on the SQLite file of the default folder, and said that all was well.
    [Theory]
    [InlineData("--databse", "verify", "--databse", "Server=x")]
    [InlineData("--comunity", "verify", "--comunity=sunny")]
    [InlineData("--good-row", "import", "roster", "roster.xlsx", "--good-row")]
    [InlineData("--good-rows", "import", "tariffs", "tariffs.json", "--good-rows")]
    [InlineData("--dya", "reconcile", "--dya", "2026-12-01")]
    [InlineData("--fee-kind", "issue-bills", "--from", "2026-12-01", "--fee-kind", "property")]
    [InlineData("-data", "explain", "0123", "-data", "x")]
    [InlineData("--OwnerPay:JobPaze", "verify", "--OwnerPay:JobPaze=1")]
    [InlineData("--databse", "serve", "--databse", "Server=x")]
    [InlineData("--dat", "--dat", "x")]
    public async Task A_mistyped_option_is_named_and_nothing_is_done(string named, params string[] args)
    {
        var (exitCode, output, complaint) = await CommandLine.Run(null, args);
        Assert.Equal(2, exitCode);
        Assert.Contains($"没有选项 {named}。", complaint);
        Assert.Contains("用法", complaint);
        Assert.Empty(output);
    }

    [Fact]
    public async Task An_option_without_its_value_and_a_word_too_many_are_named()
    {
        Assert.Contains("选项 --community 缺少值", (await CommandLine.Run(null, "verify", "--community")).Complaint);
        var surplus = await CommandLine.Run(null, "serve", "now", "--data", "x");
        Assert.Equal(2, surplus.ExitCode);
        Assert.Contains("多余的参数 now", surplus.Complaint);
        Assert.Contains("不能导入 tarifs", (await CommandLine.Run(null, "import", "tarifs", "x.json")).Complaint);
    }

    [Fact]
    public async Task Whoever_asks_a_command_for_help_gets_its_usage()
    {
        var (exitCode, output, _) = await CommandLine.Run(null, "reconcile", "--help");
        Assert.Equal(0, exitCode);
        Assert.Contains("reconcile --day 日期", output);
    }
}
