using Microsoft.EntityFrameworkCore;
using OwnerPay.DemoEstate;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;
using Estate = OwnerPay.Service.Tests.Setup.Estate;
using L = OwnerPay.Service.Roster.RosterLayout;

namespace OwnerPay.Service.Tests.Roster;

public sealed class ImportRosterTests(Servers servers)
{
    static readonly DateOnly Since = new(2020, 5, 1);

    static RosterBook Book(params (string House, decimal Area)[] houses)
    {
        var book = new RosterBook();
        book.Add(L.Buildings, (L.BuildingCode, "8"));
        foreach (var (house, area) in houses)
            book.Add(L.Houses, (L.HouseBuilding, "8"), (L.HouseCode, house), (L.HouseArea, area), (L.HouseHandedOver, Since), (L.HouseState, "在住"));
        return book;
    }

    static void Person(RosterBook book, string house, string name, string? phone, DateOnly? from = null, DateOnly? to = null, string kind = "业主") =>
        book.Add(L.Tenures, (L.TenureHouse, house), (L.TenureName, name), (L.TenureKind, kind), (L.TenurePhones, phone),
            (L.TenureFrom, from ?? Since), (L.TenureTo, to));

    static Task<List<LiableParty>> Parties(Estate estate, string house) => estate.Installation.Db(db =>
    {
        var houses = db.Houses;
        return db.LiableParties.AsNoTracking()
            .Where(p => houses.Any(h => h.Id == p.HouseId && h.CommunityId == estate.CommunityId && h.Code == house))
            .OrderBy(p => p.From).ToListAsync();
    });

    static Task<List<AuditEntry>> Audit(Estate estate, string action) => estate.Installation.Db(db =>
        db.AuditEntries.AsNoTracking().Where(e => e.CommunityId == estate.CommunityId && e.Action == action).OrderBy(e => e.At).ToListAsync());

    [Theory, EachDatabase]
    public async Task The_demo_estate_is_stored_whole_and_a_second_time_changes_nothing(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);

        var first = (await estate.Import(DemoRoster.File("roster.xlsx"))).Counts();
        Assert.Equal((1255, 1254, 1, 0, 0), first);    // building 1 was there
        var second = (await estate.Import(DemoRoster.File("roster.xlsx"))).Counts();
        Assert.Equal((1255, 0, 1255, 0, 0), second);

        var stored = await estate.Installation.Db(async db => (
            Houses: await db.Houses.CountAsync(h => h.CommunityId == estate.CommunityId),
            Spaces: await db.ParkingSpaces.CountAsync(s => s.CommunityId == estate.CommunityId),
            Tenures: await db.Tenures.CountAsync(t => t.CommunityId == estate.CommunityId),
            ThreeHomes: await db.Persons.Where(p => p.CommunityId == estate.CommunityId && p.Name == "林晓梅").Select(p => p.Id).ToListAsync()));
        Assert.Equal((480, 120, 649), (stored.Houses, stored.Spaces, stored.Tenures));
        Assert.Equal(3, await estate.Installation.Db(db => db.Tenures.CountAsync(t => t.PersonId == stored.ThreeHomes.Single())));
        Assert.Empty(await Audit(estate, "house.changed"));
        Assert.Empty(await Audit(estate, "tenure.changed"));
        Assert.Empty(await Audit(estate, "person.changed"));
        Assert.Equal(2, (await Audit(estate, "roster.imported")).Count);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_home_sold_in_the_middle_of_a_month_has_a_party_before_and_another_after(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        await estate.Import(DemoRoster.File("roster.xlsx"));

        var sold = await Parties(estate, "2-1-301");
        Assert.Equal(2, sold.Count);
        Assert.Equal((new DateOnly(2026, 11, 11), new DateOnly(2026, 11, 12), null), (sold[0].To!.Value, sold[1].From, sold[1].To));
        var handedOver = await Parties(estate, "6-1-1001");
        Assert.Equal([PartyKind.Developer, PartyKind.Owners], handedOver.Select(party => party.Kind));
        Assert.Equal(handedOver[1].From.AddDays(-1), handedOver[0].To);
        Assert.Equal(PartyKind.Developer, Assert.Single(await Parties(estate, "6-2-1001")).Kind);
        Assert.Single(await Parties(estate, "1-1-101"));
    }

    // An import that stopped at its second row, or called itself a success and had imported nothing.
    [Theory, EachDatabase]
    [Trait("Incident", "35")]
    public async Task An_import_that_failed_in_its_second_row_never_reports_success_nor_stores_the_first(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        var book = Book(("8-101", 89.37m), ("8-102", 0m), ("8-103", 90m));
        Person(book, "8-101", "王伟", "19900000001");
        Person(book, "8-102", "李娜", "19900000002");
        Person(book, "8-103", "张敏", "1990000");

        var refused = await estate.Import(book.Write());

        Assert.Equal("refused", refused["state"].GetValue<string>());
        Assert.Equal((7, 0, 0, 5, 2), refused.Counts());
        Assert.Equal(["房屋 3 areaNotPositive", "业主与住户 4 badPhone"],
            refused["faults"].AsArray().Select(fault => $"{fault!["sheet"]} {fault["row"]} {fault["kind"]}"));
        Assert.Equal(0, await estate.Installation.Db(db => db.Houses.CountAsync(h => h.CommunityId == estate.CommunityId)));

        var good = await estate.Import(book.Write(), goodRows: true);

        Assert.Equal("done", good["state"].GetValue<string>());
        Assert.Equal((7, 4, 0, 1, 2), good.Counts());    // 李娜 is good but has no home to be stored for
        Assert.Equal(["8-101", "8-103"], await estate.Installation.Db(db =>
            db.Houses.Where(h => h.CommunityId == estate.CommunityId).OrderBy(h => h.Code).Select(h => h.Code).ToListAsync()));

        book.Rows[L.Houses][1][L.HouseArea] = 91m;
        book.Rows[L.Tenures][2][L.TenurePhones] = "19900000003";
        Assert.Equal((7, 3, 4, 0, 0), (await estate.Import(book.Write())).Counts());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task The_file_with_every_fault_stores_its_good_rows_and_accounts_for_each_row(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);

        Assert.Equal((98, 0, 0, 71, 27), (await estate.Import(DemoRoster.File("roster-bad.xlsx"))).Counts());
        var good = await estate.Import(DemoRoster.File("roster-bad.xlsx"), goodRows: true);

        Assert.Equal((98, 59, 1, 11, 27), good.Counts());
        Assert.Equal((98, 0, 60, 11, 27), (await estate.Import(DemoRoster.File("roster-bad.xlsx"), goodRows: true)).Counts());
        Assert.Equal(2, good["notes"].AsArray().Count);
        Assert.Empty(await estate.Verify());
    }

    [Theory]
    [InlineData("roster-bad-column.xlsx", "missingColumn")]
    [InlineData("roster-bad-sheet.xlsx", "unknownSheet")]
    [InlineData("roster-bad-not-excel.xlsx", "notExcel")]
    public async Task A_file_that_is_no_roster_is_refused_even_for_its_good_rows(string name, string kind)
    {
        var estate = await servers.Estate(Database.Sqlite, houses: 0);

        var report = await estate.Import(DemoRoster.File(name), goodRows: true, name);

        Assert.Equal("refused", report["state"].GetValue<string>());
        Assert.Equal(kind, report["faults"][0]!["kind"]!.GetValue<string>());
        Assert.Equal((0, 0, 0, 0, 0), report.Counts());
        Assert.Equal(name, report["fileName"].GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task What_an_import_changes_is_in_the_audit_log_with_before_and_after_and_without_names_or_phones(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        var book = Book(("8-101", 89.37m));
        Person(book, "8-101", "欧阳秘密", "19900000001");
        await estate.Import(book.Write());

        book.Rows[L.Houses][0][L.HouseArea] = 90.5m;
        book.Rows[L.Tenures][0][L.TenurePhones] = "19900000001、19900000002";
        Assert.Equal((3, 2, 1, 0, 0), (await estate.Import(book.Write())).Counts());

        var area = Assert.Single(await Audit(estate, "house.changed"));
        Assert.Contains("\"areaHundredths\":{\"before\":8937,\"after\":9050}", area.Detail);
        var person = Assert.Single(await Audit(estate, "person.changed"));
        Assert.Contains("199****0002", person.Detail);
        Assert.DoesNotContain("欧阳", person.Detail);
        Assert.DoesNotContain("19900000002", person.Detail);
        Assert.NotEqual(Service.Staff.Audit.System, area.Actor);
    }

    [Theory, EachDatabase]
    public async Task A_buyer_gets_a_party_of_his_own_and_the_sellers_keeps_its_id(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        var book = Book(("8-101", 89.37m));
        Person(book, "8-101", "周志强", "19900000001");
        await estate.Import(book.Write());
        var before = Assert.Single(await Parties(estate, "8-101"));

        book.Rows[L.Tenures][0][L.TenureTo] = new DateOnly(2026, 11, 11);
        Person(book, "8-101", "许若彤", "19900000002", from: new(2026, 11, 12));
        Assert.Equal((4, 2, 2, 0, 0), (await estate.Import(book.Write())).Counts());

        var after = await Parties(estate, "8-101");
        Assert.Equal(2, after.Count);
        Assert.Equal((before.Id, new DateOnly(2026, 11, 11)), (after[0].Id, after[0].To!.Value));
        Assert.NotEqual(before.Id, after[1].Id);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_party_that_a_correction_takes_away_keeps_its_row_without_a_day(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        var book = Book(("8-101", 89.37m));
        Person(book, "8-101", "王伟", "19900000001", to: new(2022, 12, 31));
        Person(book, "8-101", "王伟", "19900000001", from: new(2024, 1, 1));
        await estate.Import(book.Write());
        Assert.Equal(2, (await Parties(estate, "8-101")).Count);

        book.Rows[L.Tenures][0][L.TenureTo] = new DateOnly(2023, 12, 31);    // there never was a gap
        await estate.Import(book.Write());

        var parties = await Parties(estate, "8-101");
        Assert.Equal((Since, null), (parties[0].From, parties[0].To));
        Assert.True(parties[1].To < parties[1].From);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Two_owners_of_one_name_stay_two_and_one_owner_of_two_homes_is_one(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        var book = Book(("8-101", 89m), ("8-102", 90m), ("8-103", 91m));
        Person(book, "8-101", "王伟", "19900000001");
        Person(book, "8-102", "王伟", "19900000002");
        Person(book, "8-103", "王伟", "19900000001、19900000003");
        await estate.Import(book.Write());

        var homes = await estate.Installation.Db(db => db.Tenures.Where(t => t.CommunityId == estate.CommunityId).GroupBy(t => t.PersonId)
            .Select(g => g.Count()).ToListAsync());
        Assert.Equal([1, 2], homes.Order());
        Assert.Equal((7, 0, 7, 0, 0), (await estate.Import(book.Write())).Counts());
    }

    [Theory, EachDatabase]
    public async Task Ten_uploads_of_one_file_at_once_store_it_once(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        var book = Book([.. Enumerable.Range(1, 30).Select(number => ($"8-{number:000}", 80m + number))]);
        for (var number = 1; number <= 30; number++) Person(book, $"8-{number:000}", "业主" + number, $"199000010{number:00}");
        var file = book.Write();

        var reports = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => estate.Import(file)));

        Assert.Equal(61, reports.Sum(report => report.Counts().Written));
        Assert.Equal(30, await estate.Installation.Db(db => db.Houses.CountAsync(h => h.CommunityId == estate.CommunityId)));
        Assert.Equal(30, await estate.Installation.Db(db => db.Persons.CountAsync(p => p.CommunityId == estate.CommunityId)));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task The_list_of_houses_shows_people_masked_and_pages_through_all(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        await estate.Import(DemoRoster.File("roster.xlsx"));

        List<string> codes = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await estate.Clerk.Get($"{estate.Path}/houses?cursor={cursor}")).Done();
            codes.AddRange(page["items"].AsArray().Select(house => house!["code"]!.GetValue<string>()));
            cursor = page.Body!["nextCursor"]?.GetValue<string>();
        }
        Assert.Equal(480, codes.Distinct().Count());

        var found = (await estate.Finance.Get($"{estate.Path}/houses?building=1&code=1-1-101")).Done()["items"].AsArray();
        var home = found.Single(house => house!["code"]!.GetValue<string>() == "1-1-101")!;
        Assert.Equal("林**", home["people"]![0]!["name"]!.GetValue<string>());
        Assert.Equal("199****8888", home["people"]![0]!["phones"]![0]!.GetValue<string>());
        Assert.Equal("cursor_invalid", (await estate.Clerk.Get($"{estate.Path}/houses?cursor=xyz")).Code);
    }

    [Fact]
    public async Task An_upload_that_is_missing_too_large_or_for_another_community_is_refused_and_changes_nothing()
    {
        var (estate, other) = (await servers.Estate(Database.Sqlite, houses: 0), await servers.Estate(Database.Sqlite, houses: 0));

        var empty = await estate.Clerk.Post($"{estate.Path}/roster/imports", RosterImporting.Form([]));
        Assert.Equal((400, "roster_file_missing"), (empty.Status, empty.Code));
        var large = await estate.Clerk.Post($"{estate.Path}/roster/imports", RosterImporting.Form(new byte[L.MaxFileBytes + 1]));
        Assert.Equal((413, "body_too_large"), (large.Status, large.Code));
        Assert.Equal(404, (await other.Clerk.Post($"{estate.Path}/roster/imports", RosterImporting.Form(DemoRoster.File("roster.xlsx")))).Status);
        Assert.Equal(403, (await estate.Finance.Post($"{estate.Path}/roster/imports", RosterImporting.Form(DemoRoster.File("roster.xlsx")))).Status);

        var report = await estate.Import(DemoRoster.File("roster-bad.xlsx"));
        Assert.Equal(404, (await other.Clerk.Get($"{other.Path}/roster/imports/{report["importId"]}")).Status);
        Assert.Empty((await other.Clerk.Get($"{other.Path}/roster/imports")).Done()["items"].AsArray());
        var line = Assert.Single((await estate.Clerk.Get($"{estate.Path}/roster/imports")).Done()["items"].AsArray())!;
        Assert.Equal("refused", line["state"]!.GetValue<string>());
        Assert.Equal(0, await estate.Installation.Db(db => db.Houses.CountAsync(h => h.CommunityId == estate.CommunityId)));
    }

    [Theory, EachDatabase]
    public async Task Verify_notices_a_party_that_outlives_its_tenure_and_an_import_that_lost_a_row(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        var book = Book(("8-101", 89.37m));
        Person(book, "8-101", "周志强", "19900000001", to: new(2026, 11, 11));
        await estate.Import(book.Write());
        Assert.Empty(await estate.Verify());

        await estate.Installation.Db(async db =>
        {
            var (parties, imports) = (db.LiableParties, db.RosterImports);
            return await parties.Where(p => p.CommunityId == estate.CommunityId)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.To, new DateOnly(2026, 11, 12)))
                + await imports.Where(i => i.CommunityId == estate.CommunityId)
                    .ExecuteUpdateAsync(set => set.SetProperty(i => i.RowsWritten, i => i.RowsWritten + 1));
        });

        Assert.Equal(["roster-imports", "roster-tenures"], (await estate.Verify()).Select(finding => finding.Check).Order());
    }

    [Theory, EachDatabase]
    public async Task A_lost_phone_is_told_to_whoever_trusts_it_and_an_added_one_is_not(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        var book = Book(("8-101", 89.37m));
        Person(book, "8-101", "王伟", "19900000001");
        await estate.Import(book.Write());
        var person = await estate.Installation.Db(db => db.Persons.Where(p => p.CommunityId == estate.CommunityId).Select(p => p.Id).SingleAsync());
        Task<int> News() => estate.Installation.Db(db => db.OutboxRows.CountAsync(r => r.Kind == ImportRoster.PhoneChanged && r.SubjectId == person));

        book.Rows[L.Tenures][0][L.TenurePhones] = "19900000001、19900000002";
        await estate.Import(book.Write());
        Assert.Equal(0, await News());
        book.Rows[L.Tenures][0][L.TenurePhones] = "19900000003";
        await estate.Import(book.Write());

        Assert.True(await News() > 0, "the slice of the bindings subscribes to it");
        Assert.Equal(["19900000003"], await estate.Installation.Db(db => db.PersonPhones.Where(p => p.PersonId == person).Select(p => p.Number)
            .ToListAsync()));
    }
}
