using System.Net.Http.Headers;
using MiniExcelLibs;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Tests.Verbs;
using SkiaSharp;

namespace OwnerPay.Service.Tests.Billing;

[Collection("SQLite has one writing process: these take turns")]
public sealed class ImportReadingsTests(Servers servers)
{
    const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    static byte[] Book(params (object? Serial, object? On, object? Value, object? How, object? Rolled)[] rows)
    {
        using var file = new MemoryStream();
        file.SaveAs(new Dictionary<string, object>
        {
            ["读数"] = rows.Select(row => new Dictionary<string, object?>
            {
                ["表号"] = row.Serial, ["抄表日期"] = row.On, ["读数"] = row.Value, ["抄表方式"] = row.How, ["过零"] = row.Rolled,
            }).ToList(),
        });
        return file.ToArray();
    }

    static async Task<Estate> Metered(Servers servers, Database database)
    {
        var estate = await servers.Estate(database, houses: 3);
        await estate.SetWater(MeterSteps.Metered("1.00"));
        (await estate.AddMeters([.. estate.Houses.Select((house, index) => MeterSteps.Meter(house, $"W{index}", opening: index == 2 ? "99990" : "100"))])).Done();
        return estate;
    }

    static Task<Answer> Import(Estate estate, byte[] file, bool goodRows = false) => estate.Clerk.Post(
        $"{estate.Path}/billing/readings/import?goodRows={(goodRows ? "true" : "false")}", MeterSteps.Upload(file, "读数.xlsx", Excel));

    static (bool, int, int, int, int, int) Counts(Answer report) => (report["stored"].GetValue<bool>(), report["read"].GetValue<int>(), report["written"].GetValue<int>(),
        report["unchanged"].GetValue<int>(), report["skipped"].GetValue<int>(), report["bad"].GetValue<int>());

    [Theory, EachDatabase]
    public async Task A_file_of_readings_is_taken_over_once_however_often_it_is_sent(Database database)
    {
        await using var estate = await Metered(servers, database);
        var file = Book(("W0", new DateTime(2026, 9, 30), 120.5, null, null), ("w1", "2026-09-30", "１３０", "估抄", "否"), ("W2", "2026-09-30", 5, "实抄", "是"),
            ("W0", "2026-10-31", 131, null, null));

        var first = (await Import(estate, file)).Done();
        var again = (await Import(estate, file)).Done();
        await estate.BillWater("2026-09-01", "2026-09-30");

        Assert.Equal((true, 4, 4, 0, 0, 0), Counts(first));
        Assert.Equal((true, 4, 0, 4, 0, 0), Counts(again));
        Assert.Equal([15_000L, 20_500L, 30_000L], (await estate.Lines()).Select(line => line.UsageThousandths).Order());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Every_bad_row_is_named_with_what_would_be_right_and_nothing_or_only_the_good_rows_are_stored(Database database)
    {
        await using var estate = await Metered(servers, database);
        (await estate.Read("W1", "2026-09-30", "150")).Done();
        var file = Book(("W0", "2026-09-30", 120, null, null), ("W9", "2026-09-30", 1, null, null), ("W1", "2026-10-31", 140, null, null), ("W2", "2026/9/31", "十吨", null, null),
            ("W1", "2026-09-30", 151, null, null), ("W0", "2027-01-31", 130, null, null), ("W0", "2026-10-31", 130.1234, null, "也许"), ("", "2026-09-30", 1, null, null));

        var refused = (await Import(estate, file)).Done();
        var nothing = (await estate.Clerk.Get($"{estate.Path}/billing/meters/{await estate.MeterId("W0")}/readings")).Done()["items"].AsArray().Count;
        var good = (await Import(estate, file, goodRows: true)).Done();

        Assert.Equal((false, 8, 0, 0, 1, 7), Counts(refused));
        Assert.Equal(1, nothing);
        Assert.Equal((true, 8, 1, 0, 0, 7), Counts(good));
        var faults = refused["faults"].AsArray().Select(fault => $"{fault!["row"]} {fault["column"]} {fault["kind"]}").ToList();
        Assert.Equal(["3 表号 unknownMeter", "4 读数 readingLower", "5 抄表日期 dateAsText", "5 读数 badReading", "6 抄表日期 readingTwice", "7 抄表日期 badReading",
            "8 读数 badReading", "8 过零 unknownChoice", "9 表号 empty"], faults);
        Assert.Contains(refused["faults"].AsArray(), fault => fault!["right"]!.GetValue<string>().Contains("请注明过零", StringComparison.Ordinal));
        Assert.Empty(await estate.Verify());
    }

    [Fact]
    public async Task A_file_that_is_no_workbook_or_has_no_such_sheet_or_column_is_refused_as_a_whole()
    {
        await using var estate = await Metered(servers, Database.Sqlite);
        using var other = new MemoryStream();
        other.SaveAs(new Dictionary<string, object> { ["读数"] = new List<Dictionary<string, object?>> { new() { ["表号"] = "W0", ["读数"] = 1 } } });

        var text = (await Import(estate, "表号,读数"u8.ToArray(), goodRows: true)).Done();
        var columnless = (await Import(estate, other.ToArray(), goodRows: true)).Done();
        var empty = await estate.Clerk.Post($"{estate.Path}/billing/readings/import");

        Assert.Equal("notExcel", text["faults"].AsArray().Single()!["kind"]!.GetValue<string>());
        Assert.Equal("抄表日期", columnless["faults"].AsArray().Single()!["column"]!.GetValue<string>());
        Assert.All([text, columnless], answer => Assert.False(answer["stored"].GetValue<bool>()));
        Assert.True(empty.Status is 400 or 415, empty.Code);
    }

    [Fact]
    public async Task A_script_with_a_clerks_token_imports_readings_and_learns_what_is_wrong()
    {
        await using var estate = await Metered(servers, Database.Sqlite);
        var path = Path.Combine(Path.GetTempPath(), $"readings-{Guid.CreateVersion7():N}.xlsx");
        await File.WriteAllBytesAsync(path, Book(("W0", "2026-09-30", 120, null, null), ("W1", "2026-09-30", 90, null, null)));
        string[] args = ["import", "readings", path, "--community", estate.Code, .. estate.Installation.Of()];
        try
        {
            var refused = await CommandLine.Run(estate.Clerk.Token, args);
            var good = await CommandLine.Run(estate.Clerk.Token, [.. args, "--good-rows"]);

            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("有误：读数 第 3 行 读数：读数 90 低于上一次", refused.Output, StringComparison.Ordinal);
            Assert.True(good.ExitCode == 0, good.Complaint);
            Assert.Contains("读取 2 行：写入 1，未变 0，跳过 0，有误 1。", good.Output, StringComparison.Ordinal);
        }
        finally { File.Delete(path); }
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_photo_is_kept_as_a_fresh_picture_and_what_is_no_picture_is_refused(Database database)
    {
        await using var estate = await Metered(servers, database);
        using var bitmap = new SKBitmap(2_400, 1_200);
        bitmap.Erase(SKColors.SteelBlue);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Task<Answer> Send(byte[] file) => estate.Clerk.Post(estate.Path + "/billing/reading-photos", MeterSteps.Upload(file, "表.png", "image/png"));

        var photo = (await Send(png.ToArray())).Done()["photoId"].GetValue<Guid>();
        var svg = await Send("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray());
        var cut = await Send(png.ToArray()[..40]);
        var reading = (await estate.Read("W0", "2026-09-30", "120", photoId: photo)).Done();
        var unknown = await estate.Read("W1", "2026-09-30", "120", photoId: Guid.CreateVersion7());
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[0] };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", estate.Clerk.Token);
        using var shown = await http.GetAsync($"/api/staff/v1{estate.Path}/billing/reading-photos/{photo}");
        using var picture = SKBitmap.Decode(await shown.Content.ReadAsByteArrayAsync());

        Assert.Equal(photo, reading["photoId"].GetValue<Guid>());
        Assert.All([svg, cut], answer => Assert.Equal((400, "photo_invalid"), (answer.Status, answer.Code)));
        Assert.Equal("reading_photo_not_found", unknown.Code);
        Assert.Equal("image/jpeg", shown.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", shown.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal((1_600, 800), (picture.Width, picture.Height));
        Assert.Empty(await estate.Verify());
    }
}
