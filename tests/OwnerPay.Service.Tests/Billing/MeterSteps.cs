using System.Net.Http.Headers;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

/// <summary>What clerks do with meters and common costs, by API.</summary>
static class MeterSteps
{
    public static readonly object Water = Kind("water", "水费");
    public static readonly object[] Tiers = [new { upTo = "180", unitPriceYuan = "3.45" }, new { upTo = "260", unitPriceYuan = "4.83" }, new { unitPriceYuan = "5.8333" }];

    public static object Kind(string code, string name) =>
        new { code, name, beneficiary = "agency", promotable = false, taxCode = "", taxRatePerMillion = 0 };

    public static object Metered(string price = "3.45", string from = "2020-01-01", string? to = null) => new
    {
        feeKind = "water", slot = "cold", name = "自来水费", formula = "metered", unitPriceYuan = price, unitName = "吨", scope = "community", from, to,
    };

    public static object Tiered(string period = "year") => new
    {
        feeKind = "water", slot = "cold", name = "自来水费", formula = "tiered", tiers = Tiers, tierPeriod = period, unitName = "吨", scope = "community", from = "2020-01-01",
    };

    public static object Shared(string basis, bool vacantShares = true, string? price = null, string? usageOf = null, string slot = "stairs") => new
    {
        feeKind = "shared", slot, name = "楼道公摊电费", formula = "apportioned", basis, vacantShares, unitPriceYuan = price, unitName = price is null ? null : "度", usageOf,
        scope = "community", from = "2020-01-01",
    };

    public static async Task SetWater(this Estate estate, params object[] tariffs)
    {
        (await estate.ProposeTariffs([Water], tariffs)).Done();
        await estate.ApproveAll(estate.Finance);
    }

    public static async Task SetShared(this Estate estate, object tariff, params object[] kinds)
    {
        (await estate.ProposeTariffs([Kind("shared", "公摊电费"), .. kinds], tariff)).Done();
        await estate.ApproveAll(estate.Finance);
    }

    public static object Meter(TestHouse? house, string serial, string? opening = "100", string installedOn = "2026-08-31", string? place = null, int digits = 5,
        int multiplier = 1, string feeKind = "water", string slot = "cold", string? building = null) =>
        new { feeKind, slot, serial, installedOn, houseCode = house?.Code, buildingCode = building, place, digits, multiplier, openingValue = opening };

    public static Task<Answer> AddMeters(this Estate estate, params object[] meters) => estate.Clerk.Post(estate.Path + "/billing/meters", new { meters });

    /// <returns>The meter's id.</returns>
    public static async Task<Guid> MeterId(this Estate estate, string serial)
    {
        var meters = (await estate.Clerk.Get(estate.Path + "/billing/meters")).Done()["items"].AsArray();
        return meters.Single(meter => meter!["serial"]!.GetValue<string>() == serial)!["meterId"]!.GetValue<Guid>();
    }

    public static async Task<Answer> Read(this Estate estate, string serial, string on, string value, bool estimated = false, bool rolledOver = false, bool opening = false,
        Guid? photoId = null) =>
        await estate.Clerk.Post($"{estate.Path}/billing/meters/{await estate.MeterId(serial)}/readings", new { readOn = on, value, estimated, rolledOver, opening, photoId });

    public static async Task<Answer> Replace(this Estate estate, string serial, string on, string closing, string successor, string opening) =>
        await estate.Clerk.Post($"{estate.Path}/billing/meters/{await estate.MeterId(serial)}/replace",
            new { on, closingValue = closing, successor = new { serial = successor, openingValue = opening } });

    public static Task<Answer> Correct(this Estate estate, Answer reading, string? value, string reason = "看错了") =>
        estate.Clerk.Post($"{estate.Path}/billing/readings/{reading["readingId"].GetValue<Guid>()}/correct", new { value, reason });

    public static Task<Answer> PreviewWater(this Estate estate, string from, string to) => estate.Preview(from, to, "2026-12-31", "water");

    /// <summary>Bills the water of some months, two people.</summary>
    public static Task<Guid> BillWater(this Estate estate, string from, string to) => estate.IssueBills(from, to, "2026-12-31", "water");

    public static Task<Answer> CloseCost(this Estate estate, long? totalFen = 100_000, string from = "2026-11-01", string to = "2026-11-30", string? building = "1",
        Guid? meterId = null, string slot = "stairs", Api? by = null, string? key = null) =>
        (by ?? estate.Clerk).Post(estate.Path + "/billing/apportionments",
            new { feeKind = "shared", slot, from, to, buildingCode = building, totalFen, meterId, evidence = totalFen is null ? null : "供电公司 2026-11 账单" }, key);

    public static MultipartFormDataContent Upload(byte[] file, string name, string type)
    {
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new MultipartFormDataContent { { part, "file", name } };
    }
}
