using System.Text.Json;
using OwnerPay.Demo;

// One command: service and WeChat emulator on one story clock, a month in a small estate, then the addresses to look around.
var options = DemoOptions.Read(args, out var complaint);
if (options is null)
{
    Console.Error.WriteLine(complaint);
    Console.Error.WriteLine(DemoOptions.Usage);
    return 2;
}
try
{
    await using var stage = await Stage.Open(options);
    string checkOfTheDraw;
    using (var story = new Story(stage, new Random(options.Seed)))
    {
        await story.Play();
        checkOfTheDraw = story.DrawCommand;
    }
    var tally = await Tally.Count(stage.Service.Services);
    Console.WriteLine();
    Console.WriteLine(tally.InWords());
    Console.WriteLine($"数据目录：{stage.Data}");
    Console.WriteLine($"自己核对抽奖：{checkOfTheDraw}");
    if (!options.Exit)
    {
        Console.WriteLine($"业主接口文档：{stage.Address}docs/owner　员工接口文档：{stage.Address}docs/staff　微信模拟器：{stage.Emulator.BaseAddress}");
        Console.WriteLine($"业主的手机：{stage.PhonePage}　两部手机的故事：{stage.PhonePage}?story=phone-story");
        Console.WriteLine("按 Ctrl+C 结束。");
    }
    if (options.Json) Console.WriteLine(JsonSerializer.Serialize(tally, Tally.Layout));
    if (!options.Exit) await stage.UntilStopped();
    return tally.Verify == "ok" ? 0 : 1;
}
catch (StoryBrokenException broken)
{
    Console.Error.WriteLine(broken.Message);
    return 1;
}
