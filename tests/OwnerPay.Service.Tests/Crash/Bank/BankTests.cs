using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Bank;

/// <summary>Many move the same money at once through two instances on one MariaDB, whose default isolation is left as it is.</summary>
public sealed class BankTests(Servers servers, ITestOutputHelper output)
{
    const int Houses = 16, Months = 3, Clients = 24;

    static bool Full => Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1";

    [Fact]
    public async Task However_many_pay_refund_redeem_and_change_their_minds_at_once_no_fen_goes_astray_and_no_dead_lock_reaches_anybody()
    {
        var operations = Full ? 200_000 : 10_000;
        await using var installation = await servers.Own(Database.MariaDb, 2);
        await using var estate = await Estate.Create(installation, Houses);
        var bank = await Open(estate);

        for (var round = 1; round <= 4; round++)
        {
            await bank.Run(Clients, operations / 4);
            Healthy(bank);
            Assert.Empty(await estate.Verify());    // jobs and callbacks go on meanwhile
        }
        await bank.CloseDoors();

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bank.Operations} operations: {bank.Answers}"));
        Assert.Empty(await bank.Audit());
        Healthy(bank);
    }

    /// <summary>Each fault is told whole, with what the service logged: the crowd does not do the same again tomorrow.</summary>
    static void Healthy(Bank bank)
    {
        if (bank.Broken.Count > 0) Assert.Fail(string.Join('\n', bank.Broken));
    }

    // A test of the test: without row locks it must see something break, or it shows nothing.
    [Fact]
    public async Task The_bank_notices_when_the_row_locks_are_taken_out()
    {
        await using var installation = await servers.Own(Database.MariaDb, 0);
        for (var instance = 0; instance < 2; instance++)
            await installation.AddInstance(builder => builder.Services.AddSingleton<IInterceptor>(new WithoutRowLocks()));
        await using var estate = await Estate.Create(installation, houses: 2);
        var bank = await Open(estate);

        IReadOnlyList<string> found = [];
        for (var round = 1; round <= 20 && found.Count == 0; round++)
        {
            await bank.Run(Clients, 400);
            found = [.. (await estate.Verify()).Select(f => $"{f.Check} {f.Subject} {f.Message}")];
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"after {bank.Operations} operations: {string.Join('\n', found.Take(5))}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"and users saw {bank.Broken.Count} faults"));
        Assert.NotEmpty(found);
    }

    async Task<Bank> Open(Estate estate)
    {
        var seed = Seed.OfToday();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        return await Bank.Open(estate, Months, seed);
    }

    /// <summary>Takes the row locks out of every statement; only this test has it.</summary>
    sealed class WithoutRowLocks : DbCommandInterceptor
    {
        static readonly string[] Locks = ["\nFOR UPDATE", "\nLOCK IN SHARE MODE"];

        public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
        {
            Strip(command);
            return result;
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Strip(command);
            return new(result);
        }

        static void Strip(DbCommand command)
        {
            foreach (var end in Locks)
                if (command.CommandText.EndsWith(end, StringComparison.Ordinal)) command.CommandText = command.CommandText[..^end.Length];
        }
    }
}
