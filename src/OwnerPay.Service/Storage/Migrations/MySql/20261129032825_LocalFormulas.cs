using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.MySql
{
    /// <inheritdoc />
    public partial class LocalFormulas : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines");

            migrationBuilder.AddColumn<string>(
                name: "Basis",
                table: "Tariffs",
                type: "varchar(24)",
                maxLength: 24,
                nullable: false,
                defaultValue: "",
                collation: "utf8mb4_bin");

            migrationBuilder.AddColumn<string>(
                name: "TierPeriod",
                table: "Tariffs",
                type: "varchar(24)",
                maxLength: 24,
                nullable: false,
                defaultValue: "",
                collation: "utf8mb4_bin");

            migrationBuilder.AddColumn<string>(
                name: "Tiers",
                table: "Tariffs",
                type: "varchar(2000)",
                maxLength: 2000,
                nullable: true,
                collation: "utf8mb4_bin");

            migrationBuilder.AddColumn<string>(
                name: "UnitName",
                table: "Tariffs",
                type: "varchar(8)",
                maxLength: 8,
                nullable: true,
                collation: "utf8mb4_bin");

            migrationBuilder.AddColumn<Guid>(
                name: "UsageKindId",
                table: "Tariffs",
                type: "binary(16)",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "VacantShares",
                table: "Tariffs",
                type: "tinyint(1)",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AlterColumn<string>(
                name: "Formula",
                table: "BillLines",
                type: "varchar(500)",
                maxLength: 500,
                nullable: false,
                collation: "utf8mb4_bin",
                oldClrType: typeof(string),
                oldType: "varchar(400)",
                oldMaxLength: 400)
                .OldAnnotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.AddColumn<Guid>(
                name: "ApportionmentId",
                table: "BillLines",
                type: "binary(16)",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "FromReadingId",
                table: "BillLines",
                type: "binary(16)",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "MeterId",
                table: "BillLines",
                type: "binary(16)",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "PricePercent",
                table: "BillLines",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<Guid>(
                name: "ToReadingId",
                table: "BillLines",
                type: "binary(16)",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "UsageThousandths",
                table: "BillLines",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "UsedBeforeThousandths",
                table: "BillLines",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<Guid>(
                name: "VacantRateId",
                table: "BillLines",
                type: "binary(16)",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SourceId",
                table: "BillClaims",
                type: "binary(16)",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Apportionments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Slot = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    TariffId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BuildingId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: false),
                    TotalFen = table.Column<long>(type: "bigint", nullable: false),
                    Basis = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    BasisTotal = table.Column<long>(type: "bigint", nullable: false),
                    MeterId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    FromReadingId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ToReadingId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    UsageThousandths = table.Column<long>(type: "bigint", nullable: false),
                    UnitPrice = table.Column<long>(type: "bigint", nullable: false),
                    Evidence = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ClosedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Apportionments", x => x.Id);
                    table.CheckConstraint("CK_Apportionments_Amounts", "TotalFen > 0 AND BasisTotal > 0 AND UsageThousandths >= 0 AND UnitPrice >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ApportionmentShares",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ApportionmentId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    Weight = table.Column<long>(type: "bigint", nullable: false),
                    Fen = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApportionmentShares", x => x.Id);
                    table.CheckConstraint("CK_ApportionmentShares_Amounts", "Weight >= 0 AND Fen >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "FeeAgreements",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    SignedOn = table.Column<DateOnly>(type: "date", nullable: false),
                    DueRule = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    DueDay = table.Column<int>(type: "int", nullable: false),
                    Method = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Consequences = table.Column<string>(type: "varchar(1000)", maxLength: 1000, nullable: false, collation: "utf8mb4_bin"),
                    EvidenceFile = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FeeAgreements", x => x.Id);
                    table.CheckConstraint("CK_FeeAgreements_DueDay", "DueDay BETWEEN 0 AND 31");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "MeterReadings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MeterId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ReadOn = table.Column<DateOnly>(type: "date", nullable: false),
                    ValueThousandths = table.Column<long>(type: "bigint", nullable: false),
                    Role = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Estimated = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    RolledOver = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Source = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    LiveOn = table.Column<DateOnly>(type: "date", nullable: true),
                    WithdrawnBecause = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    PhotoId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    RecordedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    RecordedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MeterReadings", x => x.Id);
                    table.CheckConstraint("CK_MeterReadings_Value", "ValueThousandths >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Meters",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Slot = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    BuildingId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Place = table.Column<string>(type: "varchar(20)", maxLength: 20, nullable: false, collation: "utf8mb4_bin"),
                    Serial = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    Digits = table.Column<int>(type: "int", nullable: false),
                    Multiplier = table.Column<int>(type: "int", nullable: false),
                    InstalledOn = table.Column<DateOnly>(type: "date", nullable: false),
                    RemovedOn = table.Column<DateOnly>(type: "date", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Meters", x => x.Id);
                    table.CheckConstraint("CK_Meters_Counter", "Digits BETWEEN 1 AND 9 AND Multiplier BETWEEN 1 AND 100000");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ReadingPhotos",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Jpeg = table.Column<byte[]>(type: "longblob", maxLength: 8388608, nullable: false),
                    TakenBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    StoredAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReadingPhotos", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "VacantRates",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: false),
                    Percent = table.Column<int>(type: "int", nullable: false),
                    Evidence = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_VacantRates", x => x.Id);
                    table.CheckConstraint("CK_VacantRates_Percent", "Percent BETWEEN 0 AND 99");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.AddCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines",
                sql: "AmountFen >= 0 AND NetFen + TaxFen = AmountFen AND OpenFen >= 0 AND OpenFen <= AmountFen AND PricePercent BETWEEN 0 AND 100");

            migrationBuilder.CreateIndex(
                name: "IX_Apportionments_CommunityId_ClosedAt",
                table: "Apportionments",
                columns: new[] { "CommunityId", "ClosedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Apportionments_CommunityId_FeeKindId_To",
                table: "Apportionments",
                columns: new[] { "CommunityId", "FeeKindId", "To" });

            migrationBuilder.CreateIndex(
                name: "IX_ApportionmentShares_ApportionmentId_Number",
                table: "ApportionmentShares",
                columns: new[] { "ApportionmentId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ApportionmentShares_HouseId_ApportionmentId",
                table: "ApportionmentShares",
                columns: new[] { "HouseId", "ApportionmentId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_FeeAgreements_CommunityId_ProposedAt",
                table: "FeeAgreements",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_FeeAgreements_HouseId_From",
                table: "FeeAgreements",
                columns: new[] { "HouseId", "From" });

            migrationBuilder.CreateIndex(
                name: "IX_MeterReadings_CommunityId_RecordedAt",
                table: "MeterReadings",
                columns: new[] { "CommunityId", "RecordedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_MeterReadings_MeterId_LiveOn",
                table: "MeterReadings",
                columns: new[] { "MeterId", "LiveOn" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Meters_CommunityId_BuildingId",
                table: "Meters",
                columns: new[] { "CommunityId", "BuildingId" });

            migrationBuilder.CreateIndex(
                name: "IX_Meters_CommunityId_Serial",
                table: "Meters",
                columns: new[] { "CommunityId", "Serial" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Meters_HouseId",
                table: "Meters",
                column: "HouseId");

            migrationBuilder.CreateIndex(
                name: "IX_ReadingPhotos_CommunityId",
                table: "ReadingPhotos",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_VacantRates_CommunityId_ProposedAt",
                table: "VacantRates",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_VacantRates_HouseId_FeeKindId_From",
                table: "VacantRates",
                columns: new[] { "HouseId", "FeeKindId", "From" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Apportionments");

            migrationBuilder.DropTable(
                name: "ApportionmentShares");

            migrationBuilder.DropTable(
                name: "FeeAgreements");

            migrationBuilder.DropTable(
                name: "MeterReadings");

            migrationBuilder.DropTable(
                name: "Meters");

            migrationBuilder.DropTable(
                name: "ReadingPhotos");

            migrationBuilder.DropTable(
                name: "VacantRates");

            migrationBuilder.DropCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "Basis",
                table: "Tariffs");

            migrationBuilder.DropColumn(
                name: "TierPeriod",
                table: "Tariffs");

            migrationBuilder.DropColumn(
                name: "Tiers",
                table: "Tariffs");

            migrationBuilder.DropColumn(
                name: "UnitName",
                table: "Tariffs");

            migrationBuilder.DropColumn(
                name: "UsageKindId",
                table: "Tariffs");

            migrationBuilder.DropColumn(
                name: "VacantShares",
                table: "Tariffs");

            migrationBuilder.DropColumn(
                name: "ApportionmentId",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "FromReadingId",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "MeterId",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "PricePercent",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "ToReadingId",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "UsageThousandths",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "UsedBeforeThousandths",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "VacantRateId",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "SourceId",
                table: "BillClaims");

            migrationBuilder.AlterColumn<string>(
                name: "Formula",
                table: "BillLines",
                type: "varchar(400)",
                maxLength: 400,
                nullable: false,
                collation: "utf8mb4_bin",
                oldClrType: typeof(string),
                oldType: "varchar(500)",
                oldMaxLength: 500)
                .OldAnnotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.AddCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines",
                sql: "AmountFen >= 0 AND NetFen + TaxFen = AmountFen AND OpenFen >= 0 AND OpenFen <= AmountFen");
        }
    }
}
