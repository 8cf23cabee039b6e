using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>Which database a test runs on. Everything runs on both; only what needs two instances is MariaDB's alone.</summary>
public enum Database { Sqlite, MariaDb }

/// <summary>Runs a theory once on each database: <c>[Theory, EachDatabase]</c> on a method with one <see cref="Database"/> parameter.</summary>
public sealed class EachDatabaseAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<Database>(Database.Sqlite), new TheoryDataRow<Database>(Database.MariaDb)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
