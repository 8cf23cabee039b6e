using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.MySql
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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
                name: "Approvals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    SubjectId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    DecidedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DecidedAt = table.Column<long>(type: "bigint", nullable: true),
                    Note = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    DecisionNote = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Approvals", x => x.Id);
                    table.CheckConstraint("CK_Approvals_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "AuditChainHeads",
                columns: table => new
                {
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    LastNumber = table.Column<long>(type: "bigint", nullable: false),
                    LastHash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditChainHeads", x => x.CommunityId);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "AuditEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Actor = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Action = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    SubjectId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Detail = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    ChainNumber = table.Column<long>(type: "bigint", nullable: true),
                    ChainHash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditEntries", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BankAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Code = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    NumberWrapped = table.Column<byte[]>(type: "varbinary(200)", maxLength: 200, nullable: false),
                    Tail = table.Column<string>(type: "varchar(4)", maxLength: 4, nullable: false, collation: "utf8mb4_bin"),
                    Closed = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BankAccounts", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BankImports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BankAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    FileName = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    FileHash = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    RowsRead = table.Column<int>(type: "int", nullable: false),
                    RowsWritten = table.Column<int>(type: "int", nullable: false),
                    RowsUnchanged = table.Column<int>(type: "int", nullable: false),
                    By = table.Column<Guid>(type: "binary(16)", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BankImports", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BankRows",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BankAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ImportId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    RowKey = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    On = table.Column<DateOnly>(type: "date", nullable: false),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    Reference = table.Column<string>(type: "varchar(100)", maxLength: 100, nullable: false, collation: "utf8mb4_bin"),
                    Sequence = table.Column<int>(type: "int", nullable: false),
                    Memo = table.Column<string>(type: "varchar(400)", maxLength: 400, nullable: false, collation: "utf8mb4_bin"),
                    Payer = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    PayerTail = table.Column<string>(type: "varchar(4)", maxLength: 4, nullable: false, collation: "utf8mb4_bin"),
                    Match = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedPartyId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    SettledBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DecidedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DecidedAt = table.Column<long>(type: "bigint", nullable: true),
                    ReturnId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ReturnReference = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: true, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BankRows", x => x.Id);
                    table.CheckConstraint("CK_BankRows_Amount", "AmountFen <> 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BillAdjustmentLines",
                columns: table => new
                {
                    AdjustmentId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillLineId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Fen = table.Column<long>(type: "bigint", nullable: false),
                    NetFen = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillAdjustmentLines", x => new { x.AdjustmentId, x.Number });
                    table.CheckConstraint("CK_BillAdjustmentLines_Fen", "Fen <> 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BillAdjustments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Evidence = table.Column<string>(type: "varchar(400)", maxLength: 400, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    DecidedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DecidedAt = table.Column<long>(type: "bigint", nullable: true),
                    AppliedOn = table.Column<DateOnly>(type: "date", nullable: true),
                    CreditFen = table.Column<long>(type: "bigint", nullable: false),
                    LateFeeCreditFen = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillAdjustments", x => x.Id);
                    table.CheckConstraint("CK_BillAdjustments_Credit", "LateFeeCreditFen >= 0 AND CreditFen >= LateFeeCreditFen");
                    table.CheckConstraint("CK_BillAdjustments_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BillClaims",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Slot = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    ParkingSpaceId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ServiceMonth = table.Column<int>(type: "int", nullable: false),
                    SourceId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    RunId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    LiveKey = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillClaims", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BillFetches",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    NextTryAt = table.Column<long>(type: "bigint", nullable: false),
                    LastError = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillFetches", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BillHolds",
                columns: table => new
                {
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OrderId = table.Column<Guid>(type: "binary(16)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillHolds", x => x.BillId);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BillLines",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    TariffId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ParkingSpaceId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    QuantityHundredths = table.Column<long>(type: "bigint", nullable: false),
                    UnitPrice = table.Column<long>(type: "bigint", nullable: false),
                    MeterId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    FromReadingId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ToReadingId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    UsageThousandths = table.Column<long>(type: "bigint", nullable: false),
                    UsedBeforeThousandths = table.Column<long>(type: "bigint", nullable: false),
                    ApportionmentId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    VacantRateId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    PricePercent = table.Column<int>(type: "int", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: false),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    NetFen = table.Column<long>(type: "bigint", nullable: false),
                    TaxFen = table.Column<long>(type: "bigint", nullable: false),
                    TaxCode = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    TaxRatePerMillion = table.Column<int>(type: "int", nullable: false),
                    LateFeePerMillion = table.Column<int>(type: "int", nullable: false),
                    GraceDays = table.Column<int>(type: "int", nullable: false),
                    LateFeeCapPercent = table.Column<int>(type: "int", nullable: false),
                    LateFeeAfterDemand = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Formula = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: false, collation: "utf8mb4_bin"),
                    AdjustedFen = table.Column<long>(type: "bigint", nullable: false),
                    AdjustedNetFen = table.Column<long>(type: "bigint", nullable: false),
                    OpenFen = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillLines", x => x.Id);
                    table.CheckConstraint("CK_BillLines_Amounts", "AmountFen >= 0 AND NetFen + TaxFen = AmountFen AND AmountFen + AdjustedFen >= 0 AND OpenFen >= 0 AND OpenFen <= AmountFen + AdjustedFen AND PricePercent BETWEEN 0 AND 100");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BillReductions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillLineId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Fen = table.Column<long>(type: "bigint", nullable: false),
                    DiscountFen = table.Column<long>(type: "bigint", nullable: false),
                    OwnDiscountFen = table.Column<long>(type: "bigint", nullable: false),
                    SourceKind = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    SourceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    On = table.Column<DateOnly>(type: "date", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillReductions", x => x.Id);
                    table.CheckConstraint("CK_BillReductions_Fen", "(Fen > 0 AND DiscountFen >= 0 AND DiscountFen <= Fen AND OwnDiscountFen >= 0 AND OwnDiscountFen <= DiscountFen) OR (Fen < 0 AND DiscountFen <= 0 AND DiscountFen >= Fen AND OwnDiscountFen <= 0 AND OwnDiscountFen >= DiscountFen)");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BillRuns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PeriodFrom = table.Column<DateOnly>(type: "date", nullable: false),
                    PeriodTo = table.Column<DateOnly>(type: "date", nullable: false),
                    DueOn = table.Column<DateOnly>(type: "date", nullable: false),
                    FeeKinds = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    PreviewHash = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    Bills = table.Column<int>(type: "int", nullable: false),
                    TotalFen = table.Column<long>(type: "bigint", nullable: false),
                    Odd = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    ConfirmedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    IssuedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillRuns", x => x.Id);
                    table.CheckConstraint("CK_BillRuns_TwoPeople", "ConfirmedBy IS NULL OR ConfirmedBy <> ProposedBy");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Bills",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    RunId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Beneficiary = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    PeriodFrom = table.Column<DateOnly>(type: "date", nullable: false),
                    PeriodTo = table.Column<DateOnly>(type: "date", nullable: false),
                    DueOn = table.Column<DateOnly>(type: "date", nullable: false),
                    IssuedOn = table.Column<DateOnly>(type: "date", nullable: false),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    AdjustedFen = table.Column<long>(type: "bigint", nullable: false),
                    OpenFen = table.Column<long>(type: "bigint", nullable: false),
                    PaidOn = table.Column<DateOnly>(type: "date", nullable: true),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Bills", x => x.Id);
                    table.CheckConstraint("CK_Bills_Open", "AmountFen >= 0 AND AmountFen + AdjustedFen >= 0 AND OpenFen >= 0 AND OpenFen <= AmountFen + AdjustedFen");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BindingCodes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Hash = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    UsedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BindingCodes", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Bindings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    WeChatUserId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Proof = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    PhoneMark = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Bindings", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BookMonthChanges",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Month = table.Column<string>(type: "varchar(7)", maxLength: 7, nullable: false, collation: "utf8mb4_bin"),
                    Action = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    DecidedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DecidedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BookMonthChanges", x => x.Id);
                    table.CheckConstraint("CK_BookMonthChanges_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "BookMonths",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Month = table.Column<string>(type: "varchar(7)", maxLength: 7, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ChangeId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Journals = table.Column<long>(type: "bigint", nullable: false),
                    TurnoverFen = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BookMonths", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Buildings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Code = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Buildings", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "CampaignMembers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CampaignId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HeldOut = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Reason = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: true, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    DoneAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CampaignMembers", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Campaigns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    SubjectId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Body = table.Column<string>(type: "varchar(1000)", maxLength: 1000, nullable: false, collation: "utf8mb4_bin"),
                    Audience = table.Column<string>(type: "varchar(2000)", maxLength: 2000, nullable: false, collation: "utf8mb4_bin"),
                    HoldOutShare = table.Column<int>(type: "int", nullable: false),
                    StartAt = table.Column<long>(type: "bigint", nullable: false),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    StartedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Campaigns", x => x.Id);
                    table.CheckConstraint("CK_Campaigns_HoldOut", "HoldOutShare BETWEEN 0 AND 5000");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "CashDeposits",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ShiftId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BankAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    Slip = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    On = table.Column<DateOnly>(type: "date", nullable: false),
                    By = table.Column<Guid>(type: "binary(16)", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CashDeposits", x => x.Id);
                    table.CheckConstraint("CK_CashDeposits_Amount", "AmountFen > 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "CashShifts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CashierId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OpenFor = table.Column<Guid>(type: "binary(16)", nullable: true),
                    FloatFen = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    OpenedAt = table.Column<long>(type: "bigint", nullable: false),
                    CountedAt = table.Column<long>(type: "bigint", nullable: true),
                    ExpectedFen = table.Column<long>(type: "bigint", nullable: true),
                    CountedFen = table.Column<long>(type: "bigint", nullable: true),
                    Pieces = table.Column<string>(type: "varchar(1000)", maxLength: 1000, nullable: true, collation: "utf8mb4_bin"),
                    Note = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    ConfirmedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ConfirmedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CashShifts", x => x.Id);
                    table.CheckConstraint("CK_CashShifts_Amounts", "FloatFen >= 0 AND (CountedFen IS NULL OR CountedFen >= 0)");
                    table.CheckConstraint("CK_CashShifts_TwoPeople", "ConfirmedBy IS NULL OR ConfirmedBy <> CashierId");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "CollectionBatches",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BankAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Code = table.Column<string>(type: "varchar(12)", maxLength: 12, nullable: false, collation: "utf8mb4_bin"),
                    On = table.Column<DateOnly>(type: "date", nullable: false),
                    Items = table.Column<int>(type: "int", nullable: false),
                    TotalFen = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CollectionBatches", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "CollectionItems",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BatchId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    MandateId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    PendingFor = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    PaymentId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CollectionItems", x => x.Id);
                    table.CheckConstraint("CK_CollectionItems_Amount", "AmountFen > 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Communities",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Code = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    ContactPhone = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    FirstDay = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    FeeRegime = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    LateFeeFirst = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    PointsPerYuan = table.Column<int>(type: "int", nullable: false),
                    AllowsPartPayment = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    PartPaymentMinFen = table.Column<long>(type: "bigint", nullable: false),
                    PrepaidMaxFen = table.Column<long>(type: "bigint", nullable: false),
                    PrepayMonths = table.Column<int>(type: "int", nullable: false),
                    CampaignApprovalAbove = table.Column<int>(type: "int", nullable: false),
                    PaymentsPaused = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Communities", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "CommunityEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Body = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    Place = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Audience = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    BuildingId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    StartsAt = table.Column<long>(type: "bigint", nullable: false),
                    EndsAt = table.Column<long>(type: "bigint", nullable: false),
                    SignUpUntil = table.Column<long>(type: "bigint", nullable: false),
                    Places = table.Column<int>(type: "int", nullable: false),
                    PlacesTaken = table.Column<int>(type: "int", nullable: false),
                    PerHouse = table.Column<int>(type: "int", nullable: false),
                    HasWaitingList = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    RemindHours = table.Column<int>(type: "int", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    CancelReason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CommunityEvents", x => x.Id);
                    table.CheckConstraint("CK_CommunityEvents_Places", "Places > 0 AND PlacesTaken >= 0 AND PlacesTaken <= Places AND PerHouse > 0 AND RemindHours >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ContactPreferences",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Email = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    NewEmail = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    EmailCodeHash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: true),
                    EmailCodeUntil = table.Column<long>(type: "bigint", nullable: true),
                    EmailCodeTries = table.Column<int>(type: "int", nullable: false),
                    NoSms = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    PromotionSince = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContactPreferences", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "CounterPayments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ShiftId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Way = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    TenderedFen = table.Column<long>(type: "bigint", nullable: false),
                    Terminal = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: true, collation: "utf8mb4_bin"),
                    Reference = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: true, collation: "utf8mb4_bin"),
                    BankAccountId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    OnceKey = table.Column<string>(type: "varchar(130)", maxLength: 130, nullable: true, collation: "utf8mb4_bin"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CounterPayments", x => x.Id);
                    table.CheckConstraint("CK_CounterPayments_Amounts", "AmountFen >= 0 AND TenderedFen >= AmountFen");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Coupons",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OfferId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OfferCode = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    Code = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Sequence = table.Column<int>(type: "int", nullable: true),
                    IssuedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    SourceKind = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    SourceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OrderId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Coupons", x => x.Id);
                    table.CheckConstraint("CK_Coupons_Holder", "(PersonId IS NULL AND Sequence IS NULL) OR (PersonId IS NOT NULL AND Sequence > 0)");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Deferrals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: false),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    DecidedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DecidedAt = table.Column<long>(type: "bigint", nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Deferrals", x => x.Id);
                    table.CheckConstraint("CK_Deferrals_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Deliveries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MessageId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Channel = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    AddressId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    SubjectId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CampaignId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    NotBefore = table.Column<long>(type: "bigint", nullable: false),
                    Attempts = table.Column<int>(type: "int", nullable: false),
                    NextTryAt = table.Column<long>(type: "bigint", nullable: false),
                    Claim = table.Column<Guid>(type: "binary(16)", nullable: true),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    ReservedTemplateId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: true, collation: "utf8mb4_bin"),
                    DeliveredAt = table.Column<long>(type: "bigint", nullable: true),
                    SignedAt = table.Column<long>(type: "bigint", nullable: true),
                    CostFen = table.Column<long>(type: "bigint", nullable: false),
                    ProviderId = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    DoneAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Deliveries", x => x.Id);
                    table.CheckConstraint("CK_Deliveries_CostFen", "CostFen = 0 OR (CostFen > 0 AND Channel IN ('Sms', 'Letter'))");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "DifferenceNotes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    DifferenceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    By = table.Column<Guid>(type: "binary(16)", nullable: false),
                    AssignedTo = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Text = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: false, collation: "utf8mb4_bin"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DifferenceNotes", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Differences",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Cause = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Reference = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    PaymentId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    RefundId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Matched = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    TheirFen = table.Column<long>(type: "bigint", nullable: true),
                    OurFen = table.Column<long>(type: "bigint", nullable: true),
                    NextStep = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    AssignedTo = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ResolvedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Resolution = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: true, collation: "utf8mb4_bin"),
                    FoundAt = table.Column<long>(type: "bigint", nullable: false),
                    ResolvedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Differences", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Disputes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Reason = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: false, collation: "utf8mb4_bin"),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    StaffId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    OpenedAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Answer = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: true, collation: "utf8mb4_bin"),
                    AnswerId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    AnsweredBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    AnsweredAt = table.Column<long>(type: "bigint", nullable: true),
                    Outcome = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: true, collation: "utf8mb4_bin"),
                    ClosedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: true),
                    OpenBillId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Disputes", x => x.Id);
                    table.CheckConstraint("CK_Disputes_TwoPeople", "ClosedBy IS NULL OR StaffId IS NULL OR ClosedBy <> StaffId");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Draws",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Rules = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    RulesHash = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    Opens = table.Column<long>(type: "bigint", nullable: false),
                    Closes = table.Column<long>(type: "bigint", nullable: false),
                    SecretWrapped = table.Column<byte[]>(type: "varbinary(64)", maxLength: 64, nullable: false),
                    CommitHex = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    PublishedAt = table.Column<long>(type: "bigint", nullable: true),
                    LookedUntil = table.Column<long>(type: "bigint", nullable: true),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: true),
                    RootHex = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: true, collation: "utf8mb4_bin"),
                    Beacon = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    BeaconSource = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    BeaconBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    BeaconEntry = table.Column<Guid>(type: "binary(16)", nullable: true),
                    SeedHex = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: true, collation: "utf8mb4_bin"),
                    DrawnAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Draws", x => x.Id);
                    table.CheckConstraint("CK_Draws_Window", "Closes > Opens");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "DrawTickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    DrawId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    SourceKind = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    SourceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Sequence = table.Column<int>(type: "int", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Void = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DrawTickets", x => x.Id);
                    table.CheckConstraint("CK_DrawTickets_Sequence", "Sequence > 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "DrawWins",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    DrawId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Position = table.Column<int>(type: "int", nullable: false),
                    Place = table.Column<int>(type: "int", nullable: false),
                    TicketId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PrizeName = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    ValueFen = table.Column<long>(type: "bigint", nullable: false),
                    TaxFen = table.Column<long>(type: "bigint", nullable: false),
                    PickUpCode = table.Column<string>(type: "varchar(8)", maxLength: 8, nullable: false, collation: "utf8mb4_bin"),
                    ExpiresOn = table.Column<DateOnly>(type: "date", nullable: false),
                    DrawnAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    HandedOutBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ReplacedReason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DrawWins", x => x.Id);
                    table.CheckConstraint("CK_DrawWins_Sound", "Position >= 0 AND Place >= 0 AND ValueFen >= 0 AND TaxFen >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "EventSignUps",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    EventId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Places = table.Column<int>(type: "int", nullable: false),
                    SignedUpAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Live = table.Column<bool>(type: "tinyint(1)", nullable: true),
                    CancelledAt = table.Column<long>(type: "bigint", nullable: true),
                    CheckedInAt = table.Column<long>(type: "bigint", nullable: true),
                    CheckedInBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EventSignUps", x => x.Id);
                    table.CheckConstraint("CK_EventSignUps_Places", "Places > 0");
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
                name: "FeeKindAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FeeKindAccounts", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "FeeKinds",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Code = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Beneficiary = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Promotable = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    TaxCode = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    TaxRatePerMillion = table.Column<int>(type: "int", nullable: false),
                    LateFeePerMillion = table.Column<int>(type: "int", nullable: false),
                    GraceDays = table.Column<int>(type: "int", nullable: false),
                    LateFeeCapPercent = table.Column<int>(type: "int", nullable: false),
                    LateFeeAfterDemand = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FeeKinds", x => x.Id);
                    table.CheckConstraint("CK_FeeKinds_Terms", "TaxRatePerMillion BETWEEN 0 AND 1000000 AND LateFeePerMillion BETWEEN 0 AND 10000 AND GraceDays BETWEEN 0 AND 366 AND LateFeeCapPercent BETWEEN 0 AND 100");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Followers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OfficialAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OpenId = table.Column<string>(type: "varchar(128)", maxLength: 128, nullable: false, collation: "utf8mb4_bin"),
                    UnionId = table.Column<string>(type: "varchar(128)", maxLength: 128, nullable: true, collation: "utf8mb4_bin"),
                    AskedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Followers", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "FundFlowDays",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Rows = table.Column<int>(type: "int", nullable: false),
                    OpeningFen = table.Column<long>(type: "bigint", nullable: false),
                    ClosingFen = table.Column<long>(type: "bigint", nullable: false),
                    IncomeFen = table.Column<long>(type: "bigint", nullable: false),
                    ExpenseFen = table.Column<long>(type: "bigint", nullable: false),
                    PaidOutFen = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FundFlowDays", x => x.Id);
                    table.CheckConstraint("CK_FundFlowDays_Sums", "IncomeFen >= 0 AND ExpenseFen >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "GiftIssues",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OfferId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    OrderId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    HandedOutBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    HandedOutAt = table.Column<long>(type: "bigint", nullable: true),
                    Note = table.Column<string>(type: "varchar(400)", maxLength: 400, nullable: false, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GiftIssues", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "GrantedBills",
                columns: table => new
                {
                    SubjectId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GrantedBills", x => new { x.SubjectId, x.BillId });
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "GrantEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    WeChatUserId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    WeChatTemplateId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    Delta = table.Column<int>(type: "int", nullable: false),
                    Reason = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    SourceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GrantEntries", x => x.Id);
                    table.CheckConstraint("CK_GrantEntries_Delta", "(Reason = 'Emptied' AND Delta < 0) OR (Reason = 'Reserved' AND Delta = -1) OR (Reason IN ('Accepted', 'Returned') AND Delta = 1)");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Houses",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BuildingId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Code = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    AreaHundredths = table.Column<long>(type: "bigint", nullable: false),
                    HandedOverOn = table.Column<DateOnly>(type: "date", nullable: true),
                    Vacant = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    UsesPrepaid = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Houses", x => x.Id);
                    table.CheckConstraint("CK_Houses_Area", "AreaHundredths > 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "HouseTags",
                columns: table => new
                {
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Tag = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HouseTags", x => new { x.CommunityId, x.Tag, x.HouseId });
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "InstalmentPlans",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    TotalFen = table.Column<long>(type: "bigint", nullable: false),
                    GraceDays = table.Column<int>(type: "int", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    DecidedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DecidedAt = table.Column<long>(type: "bigint", nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: true),
                    EndedOn = table.Column<DateOnly>(type: "date", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_InstalmentPlans", x => x.Id);
                    table.CheckConstraint("CK_InstalmentPlans_Total", "TotalFen > 0 AND GraceDays >= 0");
                    table.CheckConstraint("CK_InstalmentPlans_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "InvoiceLines",
                columns: table => new
                {
                    RequestId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillLineId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    TaxCode = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    TaxRatePerMillion = table.Column<int>(type: "int", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: false),
                    GrossFen = table.Column<long>(type: "bigint", nullable: false),
                    NetFen = table.Column<long>(type: "bigint", nullable: false),
                    TaxFen = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_InvoiceLines", x => new { x.RequestId, x.Number });
                    table.CheckConstraint("CK_InvoiceLines_Amounts", "GrossFen > 0 AND NetFen + TaxFen = GrossFen");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "InvoiceRequests",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PaymentId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    LivePaymentId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    RequestedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    TitleKind = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    TaxNumber = table.Column<string>(type: "varchar(18)", maxLength: 18, nullable: false, collation: "utf8mb4_bin"),
                    Email = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    GrossFen = table.Column<long>(type: "bigint", nullable: false),
                    NetFen = table.Column<long>(type: "bigint", nullable: false),
                    TaxFen = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    RequestedAt = table.Column<long>(type: "bigint", nullable: false),
                    Number = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: true, collation: "utf8mb4_bin"),
                    IssuedOn = table.Column<DateOnly>(type: "date", nullable: true),
                    RedNumber = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: true, collation: "utf8mb4_bin"),
                    RedIssuedOn = table.Column<DateOnly>(type: "date", nullable: true),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_InvoiceRequests", x => x.Id);
                    table.CheckConstraint("CK_InvoiceRequests_Sums", "GrossFen > 0 AND NetFen + TaxFen = GrossFen");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "IssuedPapers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    SubjectId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Text = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    Hash = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false),
                    CheckCode = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IssuedPapers", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "JobHeartbeats",
                columns: table => new
                {
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    LastRunAt = table.Column<long>(type: "bigint", nullable: false),
                    LastGoodAt = table.Column<long>(type: "bigint", nullable: true),
                    LastResult = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: false, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobHeartbeats", x => x.Name);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Journals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    SourceKind = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    SourceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BusinessDate = table.Column<DateOnly>(type: "date", nullable: false),
                    MeantFor = table.Column<DateOnly>(type: "date", nullable: true),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Summary = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Number = table.Column<long>(type: "bigint", nullable: true),
                    Month = table.Column<string>(type: "varchar(7)", maxLength: 7, nullable: true, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Journals", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "KeyRingKeys",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Purpose = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Wrapped = table.Column<byte[]>(type: "longblob", maxLength: 8000, nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeyRingKeys", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "LateFeePauses",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    SourceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: true),
                    GraceDays = table.Column<int>(type: "int", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LateFeePauses", x => x.Id);
                    table.CheckConstraint("CK_LateFeePauses_Grace", "GraceDays >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Letterheads",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Company = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Address = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Hours = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    BankHolder = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    BankName = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    BankAccount = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Closing = table.Column<string>(type: "varchar(400)", maxLength: 400, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Letterheads", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "LiableParties",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LiableParties", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "LoanRates",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposalId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    MillionthsAYear = table.Column<int>(type: "int", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LoanRates", x => x.Id);
                    table.CheckConstraint("CK_LoanRates_Rate", "MillionthsAYear BETWEEN 0 AND 1000000");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "MailAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Host = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Port = table.Column<string>(type: "varchar(5)", maxLength: 5, nullable: false, collation: "utf8mb4_bin"),
                    Security = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    User = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    PasswordWrapped = table.Column<byte[]>(type: "varbinary(300)", maxLength: 300, nullable: true),
                    FromAddress = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    FromName = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailAccounts", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Mandates",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    InForceFor = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Agreement = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    Bank = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    HolderWrapped = table.Column<byte[]>(type: "varbinary(400)", maxLength: 400, nullable: false),
                    NumberWrapped = table.Column<byte[]>(type: "varbinary(200)", maxLength: 200, nullable: false),
                    Tail = table.Column<string>(type: "varchar(4)", maxLength: 4, nullable: false, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Mandates", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "MatchedRefunds",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    RefundId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillDay = table.Column<DateOnly>(type: "date", nullable: false),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    FeeBackFen = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MatchedRefunds", x => x.Id);
                    table.CheckConstraint("CK_MatchedRefunds_Amount", "AmountFen > 0 AND FeeBackFen >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "MatchedRows",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PaymentId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillDay = table.Column<DateOnly>(type: "date", nullable: false),
                    TransactionId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    FeeFen = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MatchedRows", x => x.Id);
                    table.CheckConstraint("CK_MatchedRows_Amount", "AmountFen > 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "MerchantAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MchId = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    AppId = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    CertificateSerial = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    PrivateKeyWrapped = table.Column<byte[]>(type: "varbinary(4000)", maxLength: 4000, nullable: false),
                    ApiV3KeyWrapped = table.Column<byte[]>(type: "varbinary(200)", maxLength: 200, nullable: false),
                    PublicKeyId = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    PublicKeyPem = table.Column<string>(type: "varchar(4000)", maxLength: 4000, nullable: true, collation: "utf8mb4_bin"),
                    PlatformSerial = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    PlatformCertificatePem = table.Column<string>(type: "varchar(4000)", maxLength: 4000, nullable: true, collation: "utf8mb4_bin"),
                    Paused = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MerchantAccounts", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "MessageGrants",
                columns: table => new
                {
                    WeChatUserId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    WeChatTemplateId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    Count = table.Column<int>(type: "int", nullable: false),
                    Reported = table.Column<int>(type: "int", nullable: false),
                    Pushed = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MessageGrants", x => new { x.WeChatUserId, x.WeChatTemplateId });
                    table.CheckConstraint("CK_MessageGrants_Count", "Count >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "MessageHolds",
                columns: table => new
                {
                    CampaignId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Since = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MessageHolds", x => x.CampaignId);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Messages",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    SubjectId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    CampaignId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Body = table.Column<string>(type: "varchar(2000)", maxLength: 2000, nullable: false, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ReadAt = table.Column<long>(type: "bigint", nullable: true),
                    AcknowledgedAt = table.Column<long>(type: "bigint", nullable: true),
                    ChainDue = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    CancelledAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Messages", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "MessageSettings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OpensMinute = table.Column<int>(type: "int", nullable: false),
                    ClosesMinute = table.Column<int>(type: "int", nullable: false),
                    RemindersPerWeek = table.Column<int>(type: "int", nullable: false),
                    ReminderDaysApart = table.Column<int>(type: "int", nullable: false),
                    SmsFen = table.Column<long>(type: "bigint", nullable: false),
                    LetterFen = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MessageSettings", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "MessageTemplates",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Version = table.Column<int>(type: "int", nullable: false),
                    WeChatTemplateId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    Page = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Fields = table.Column<string>(type: "varchar(4000)", maxLength: 4000, nullable: false, collation: "utf8mb4_bin"),
                    InboxTitle = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    InboxBody = table.Column<string>(type: "varchar(2000)", maxLength: 2000, nullable: false, collation: "utf8mb4_bin"),
                    OfficialTemplateId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    OfficialFields = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    SmsCode = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    SmsText = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: false, collation: "utf8mb4_bin"),
                    EmailSubject = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    EmailText = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    LetterText = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    Chain = table.Column<string>(type: "varchar(80)", maxLength: 80, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MessageTemplates", x => x.Id);
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
                name: "MiniPrograms",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    AppId = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    SecretWrapped = table.Column<byte[]>(type: "varbinary(300)", maxLength: 300, nullable: false),
                    PushTokenWrapped = table.Column<byte[]>(type: "varbinary(100)", maxLength: 100, nullable: true),
                    PushAesKeyWrapped = table.Column<byte[]>(type: "varbinary(100)", maxLength: 100, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MiniPrograms", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ModelPayerConsents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ListId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Name = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    House = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Agreed = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: false, collation: "utf8mb4_bin"),
                    WeChatUserId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    GivenAt = table.Column<long>(type: "bigint", nullable: false),
                    WithdrawnAt = table.Column<long>(type: "bigint", nullable: true),
                    Live = table.Column<bool>(type: "tinyint(1)", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ModelPayerConsents", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ModelPayerLists",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    PublishedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ModelPayerLists", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "NoticeFileParts",
                columns: table => new
                {
                    FileId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    Data = table.Column<byte[]>(type: "longblob", maxLength: 4194304, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoticeFileParts", x => new { x.FileId, x.Number });
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "NoticeFiles",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    NoticeId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    MediaType = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    Size = table.Column<int>(type: "int", nullable: false),
                    Hash = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false),
                    StoredBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    StoredAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoticeFiles", x => x.Id);
                    table.CheckConstraint("CK_NoticeFiles_Size", "Size > 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "NoticeReads",
                columns: table => new
                {
                    TextId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ReadAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoticeReads", x => new { x.TextId, x.PersonId });
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Notices",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Category = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Audience = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    BuildingId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ValidFrom = table.Column<DateOnly>(type: "date", nullable: false),
                    ValidTo = table.Column<DateOnly>(type: "date", nullable: true),
                    Pinned = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    TextId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ShownAt = table.Column<long>(type: "bigint", nullable: false),
                    WithdrawnAt = table.Column<long>(type: "bigint", nullable: true),
                    WithdrawReason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notices", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "NoticeTexts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    NoticeId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Body = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    Progress = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    Files = table.Column<string>(type: "varchar(1000)", maxLength: 1000, nullable: false, collation: "utf8mb4_bin"),
                    Tell = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    WrittenBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    WrittenAt = table.Column<long>(type: "bigint", nullable: false),
                    PublishedAt = table.Column<long>(type: "bigint", nullable: true),
                    ToldAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoticeTexts", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "NumberSeries",
                columns: table => new
                {
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    Period = table.Column<string>(type: "varchar(7)", maxLength: 7, nullable: false, collation: "utf8mb4_bin"),
                    Last = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NumberSeries", x => new { x.CommunityId, x.Kind, x.Period });
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Offers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Code = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    Version = table.Column<int>(type: "int", nullable: false),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    StackingGroup = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    Priority = table.Column<int>(type: "int", nullable: false),
                    Type = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Value = table.Column<long>(type: "bigint", nullable: false),
                    FeeKinds = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Start = table.Column<long>(type: "bigint", nullable: false),
                    End = table.Column<long>(type: "bigint", nullable: false),
                    MinFen = table.Column<long>(type: "bigint", nullable: false),
                    CapFen = table.Column<long>(type: "bigint", nullable: true),
                    NeedsWholeYear = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Who = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Tag = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: true, collation: "utf8mb4_bin"),
                    Rounding = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Funding = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    CouponDays = table.Column<int>(type: "int", nullable: false),
                    LimitPerPerson = table.Column<int>(type: "int", nullable: false),
                    Claimable = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    GivesCoupon = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: true, collation: "utf8mb4_bin"),
                    BudgetFen = table.Column<long>(type: "bigint", nullable: true),
                    BudgetCount = table.Column<long>(type: "bigint", nullable: true),
                    TakenFen = table.Column<long>(type: "bigint", nullable: false),
                    TakenCount = table.Column<long>(type: "bigint", nullable: false),
                    IssuedCount = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Offers", x => x.Id);
                    table.CheckConstraint("CK_Offers_Budget", "Value >= 0 AND MinFen >= 0 AND TakenFen >= 0 AND TakenCount >= 0 AND (BudgetFen IS NULL OR TakenFen <= BudgetFen) AND (BudgetCount IS NULL OR TakenCount <= BudgetCount) AND IssuedCount >= 0 AND CouponDays >= 0 AND LimitPerPerson >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "OfferTiers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OfferId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    Until = table.Column<long>(type: "bigint", nullable: true),
                    MinMonths = table.Column<int>(type: "int", nullable: false),
                    Value = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OfferTiers", x => x.Id);
                    table.CheckConstraint("CK_OfferTiers_Value", "Value > 0 AND MinMonths >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "OfferUses",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OfferId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OrderId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Fen = table.Column<long>(type: "bigint", nullable: false),
                    CouponId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    BeyondBudget = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OfferUses", x => x.Id);
                    table.CheckConstraint("CK_OfferUses_Fen", "Fen >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "OfficialAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    AppId = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    MiniProgramAppId = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    SecretWrapped = table.Column<byte[]>(type: "varbinary(300)", maxLength: 300, nullable: false),
                    PushTokenWrapped = table.Column<byte[]>(type: "varbinary(100)", maxLength: 100, nullable: false),
                    PushAesKeyWrapped = table.Column<byte[]>(type: "varbinary(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OfficialAccounts", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "OnceKeys",
                columns: table => new
                {
                    Id = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false),
                    InputHash = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false),
                    Refused = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Answer = table.Column<string>(type: "longtext", maxLength: -1, nullable: true, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OnceKeys", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "OrderLines",
                columns: table => new
                {
                    OrderId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillLineId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Fen = table.Column<long>(type: "bigint", nullable: false),
                    DiscountFen = table.Column<long>(type: "bigint", nullable: false),
                    Offers = table.Column<string>(type: "varchar(600)", maxLength: 600, nullable: false, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OrderLines", x => new { x.OrderId, x.Number });
                    table.CheckConstraint("CK_OrderLines_Fen", "Fen >= 0 AND DiscountFen >= 0 AND DiscountFen <= Fen");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "OutboxRows",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Handler = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    SubjectId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Attempts = table.Column<int>(type: "int", nullable: false),
                    NextTryAt = table.Column<long>(type: "bigint", nullable: false),
                    Claim = table.Column<Guid>(type: "binary(16)", nullable: true),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    LastError = table.Column<string>(type: "varchar(1000)", maxLength: 1000, nullable: true, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    DoneAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OutboxRows", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ParkingRightDays",
                columns: table => new
                {
                    SpaceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    RightId = table.Column<Guid>(type: "binary(16)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ParkingRightDays", x => new { x.SpaceId, x.Day });
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ParkingRights",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    SpaceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    SpaceCode = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ParkingRights", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ParkingSpaces",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Code = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: true),
                    To = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ParkingSpaces", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PayLinkBills",
                columns: table => new
                {
                    PayLinkId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PayLinkBills", x => new { x.PayLinkId, x.BillId });
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PayLinks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Hash = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false),
                    StaffId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PayLinks", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PaymentOrders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Way = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    WeChatUserId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OpenId = table.Column<string>(type: "varchar(128)", maxLength: 128, nullable: false, collation: "utf8mb4_bin"),
                    PayLinkId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    PrincipalFen = table.Column<long>(type: "bigint", nullable: false),
                    DiscountFen = table.Column<long>(type: "bigint", nullable: false),
                    LateFeeFen = table.Column<long>(type: "bigint", nullable: false),
                    PrepaidFen = table.Column<long>(type: "bigint", nullable: false),
                    TopUpFen = table.Column<long>(type: "bigint", nullable: false),
                    PayableFen = table.Column<long>(type: "bigint", nullable: false),
                    QuoteHash = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    Quote = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    ChoiceHash = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    PointsPerYuan = table.Column<int>(type: "int", nullable: false),
                    EarnsGift = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Request = table.Column<byte[]>(type: "longblob", maxLength: 8000, nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    PrepayId = table.Column<string>(type: "varchar(512)", maxLength: 512, nullable: true, collation: "utf8mb4_bin"),
                    NextAskAt = table.Column<long>(type: "bigint", nullable: false),
                    Asks = table.Column<int>(type: "int", nullable: false),
                    LastAskedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PaymentOrders", x => x.Id);
                    table.CheckConstraint("CK_PaymentOrders_Amounts", "PayableFen >= 0 AND DiscountFen >= 0 AND DiscountFen <= PrincipalFen AND LateFeeFen >= 0 AND PayableFen = PrincipalFen - DiscountFen + LateFeeFen - PrepaidFen + TopUpFen AND PrepaidFen >= 0 AND TopUpFen >= 0 AND (TopUpFen = 0 OR PrincipalFen + LateFeeFen + PrepaidFen = 0) AND PointsPerYuan >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PaymentPauses",
                columns: table => new
                {
                    Id = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    Paused = table.Column<bool>(type: "tinyint(1)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PaymentPauses", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Payments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    OrderId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Channel = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    TransactionId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    TotalFen = table.Column<long>(type: "bigint", nullable: false),
                    ReceivedFen = table.Column<long>(type: "bigint", nullable: false),
                    OwnCouponFen = table.Column<long>(type: "bigint", nullable: false),
                    PaidAt = table.Column<long>(type: "bigint", nullable: false),
                    PaidOn = table.Column<DateOnly>(type: "date", nullable: false),
                    Outcome = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    BookedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Payments", x => x.Id);
                    table.CheckConstraint("CK_Payments_Amounts", "TotalFen >= 0 AND OwnCouponFen >= 0 AND OwnCouponFen <= TotalFen AND ReceivedFen = TotalFen - OwnCouponFen");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PersonPhones",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonPhones", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Persons",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    IdNumberWrapped = table.Column<byte[]>(type: "varbinary(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Persons", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PickUpGuesses",
                columns: table => new
                {
                    StaffId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Wrong = table.Column<int>(type: "int", nullable: false),
                    LockedUntil = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PickUpGuesses", x => x.StaffId);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PlanParts",
                columns: table => new
                {
                    PlanId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    NoticeId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    DueOn = table.Column<DateOnly>(type: "date", nullable: false),
                    Fen = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanParts", x => new { x.PlanId, x.Number });
                    table.CheckConstraint("CK_PlanParts_Fen", "Fen > 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PointsEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    LotId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Delta = table.Column<long>(type: "bigint", nullable: false),
                    SourceKind = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    SourceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Note = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PointsEntries", x => x.Id);
                    table.CheckConstraint("CK_PointsEntries_Delta", "Delta <> 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PointsGrants",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Points = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<string>(type: "varchar(200)", maxLength: 200, nullable: false, collation: "utf8mb4_bin"),
                    GrantedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Alone = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    AskedOn = table.Column<DateOnly>(type: "date", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PointsGrants", x => x.Id);
                    table.CheckConstraint("CK_PointsGrants_Points", "Points > 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PointsLots",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    SourceKind = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    SourceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Earned = table.Column<long>(type: "bigint", nullable: false),
                    Remaining = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresOn = table.Column<DateOnly>(type: "date", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PointsLots", x => x.Id);
                    table.CheckConstraint("CK_PointsLots_Remaining", "Remaining <= Earned");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PointsTerms",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false),
                    StreakYears = table.Column<int>(type: "int", nullable: false),
                    StreakTimes = table.Column<int>(type: "int", nullable: false),
                    RemindDays = table.Column<int>(type: "int", nullable: false),
                    GrantLimit = table.Column<long>(type: "bigint", nullable: false),
                    CostFenPerHundred = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PointsTerms", x => x.Id);
                    table.CheckConstraint("CK_PointsTerms_Sound", "StreakYears > 0 AND StreakTimes > 0 AND RemindDays > 0 AND GrantLimit >= 0 AND CostFenPerHundred >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Postings",
                columns: table => new
                {
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    JournalId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Line = table.Column<int>(type: "int", nullable: false),
                    Account = table.Column<string>(type: "varchar(110)", maxLength: 110, nullable: false, collation: "utf8mb4_bin"),
                    Commodity = table.Column<string>(type: "varchar(8)", maxLength: 8, nullable: false, collation: "utf8mb4_bin"),
                    Amount = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Postings", x => new { x.CommunityId, x.JournalId, x.Line });
                    table.CheckConstraint("CK_Postings_Amount", "Amount <> 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PrepaidBalances",
                columns: table => new
                {
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BalanceFen = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PrepaidBalances", x => new { x.HouseId, x.PartyId });
                    table.CheckConstraint("CK_PrepaidBalances_Balance", "BalanceFen >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "PrepaidEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    DeltaFen = table.Column<long>(type: "bigint", nullable: false),
                    SourceKind = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    SourceId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PrepaidEntries", x => x.Id);
                    table.CheckConstraint("CK_PrepaidEntries_Delta", "DeltaFen <> 0");
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
                name: "ReceiptBooks",
                columns: table => new
                {
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Year = table.Column<int>(type: "int", nullable: false),
                    LastNumber = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReceiptBooks", x => new { x.CommunityId, x.Year });
                    table.CheckConstraint("CK_ReceiptBooks_Last", "LastNumber > 0 AND LastNumber <= 999999");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Receipts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PaymentId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    Year = table.Column<int>(type: "int", nullable: false),
                    Number = table.Column<long>(type: "bigint", nullable: true),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    VoidedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Receipts", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ReconciledDays",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    BillRows = table.Column<int>(type: "int", nullable: false),
                    MatchedRows = table.Column<int>(type: "int", nullable: false),
                    BillFen = table.Column<long>(type: "bigint", nullable: false),
                    OurFen = table.Column<long>(type: "bigint", nullable: false),
                    FeeFen = table.Column<long>(type: "bigint", nullable: false),
                    SeenUntil = table.Column<long>(type: "bigint", nullable: false),
                    ReconciledAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ClosedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReconciledDays", x => x.Id);
                    table.CheckConstraint("CK_ReconciledDays_Rows", "MatchedRows >= 0 AND MatchedRows <= BillRows AND BillFen >= 0 AND OurFen >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Redemptions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    RewardId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CostPoints = table.Column<long>(type: "bigint", nullable: false),
                    PickUpCode = table.Column<string>(type: "varchar(8)", maxLength: 8, nullable: false, collation: "utf8mb4_bin"),
                    ReservedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresOn = table.Column<DateOnly>(type: "date", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    FulfilledBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Redemptions", x => x.Id);
                    table.CheckConstraint("CK_Redemptions_Cost", "CostPoints > 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "RefundLines",
                columns: table => new
                {
                    RefundId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    BillLineId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Fen = table.Column<long>(type: "bigint", nullable: false),
                    DiscountFen = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RefundLines", x => new { x.RefundId, x.Number });
                    table.CheckConstraint("CK_RefundLines_Fen", "Fen > 0 AND DiscountFen >= 0 AND DiscountFen <= Fen");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Refunds",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PaymentId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Channel = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ShiftId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    OrderId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    CashFen = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Request = table.Column<byte[]>(type: "varbinary(4000)", maxLength: 4000, nullable: false),
                    PayeeWrapped = table.Column<byte[]>(type: "varbinary(600)", maxLength: 600, nullable: true),
                    PaidAccount = table.Column<string>(type: "varchar(110)", maxLength: 110, nullable: true, collation: "utf8mb4_bin"),
                    PaidBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    PaidReference = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: true, collation: "utf8mb4_bin"),
                    Evidence = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    RequestedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    RequestedAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    WeChatRefundId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: true, collation: "utf8mb4_bin"),
                    AcceptedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    NextTryAt = table.Column<long>(type: "bigint", nullable: false),
                    Tries = table.Column<int>(type: "int", nullable: false),
                    LastError = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: true, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Refunds", x => x.Id);
                    table.CheckConstraint("CK_Refunds_Amounts", "AmountFen > 0 AND CashFen >= 0 AND CashFen <= AmountFen");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "RejectedCalls",
                columns: table => new
                {
                    Id = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    Times = table.Column<int>(type: "int", nullable: false),
                    Sample = table.Column<string>(type: "varchar(400)", maxLength: 400, nullable: false, collation: "utf8mb4_bin"),
                    LastAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RejectedCalls", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ReminderDays",
                columns: table => new
                {
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MessageId = table.Column<Guid>(type: "binary(16)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReminderDays", x => new { x.PersonId, x.Day });
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "ReminderPolicies",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Steps = table.Column<string>(type: "varchar(1000)", maxLength: 1000, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReminderPolicies", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Reminders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Stage = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    PolicyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    DueOn = table.Column<DateOnly>(type: "date", nullable: false),
                    MadeOn = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Reminders", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Reversals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    SubjectId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    DecidedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DecidedAt = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Reversals", x => x.Id);
                    table.CheckConstraint("CK_Reversals_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "RewardPictures",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Jpeg = table.Column<byte[]>(type: "longblob", maxLength: 8388608, nullable: false),
                    StoredBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    StoredAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RewardPictures", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Rewards",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Code = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    Version = table.Column<int>(type: "int", nullable: false),
                    Kind = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Description = table.Column<string>(type: "varchar(1000)", maxLength: 1000, nullable: false, collation: "utf8mb4_bin"),
                    CostPoints = table.Column<long>(type: "bigint", nullable: false),
                    StockTotal = table.Column<int>(type: "int", nullable: false),
                    StockLeft = table.Column<int>(type: "int", nullable: false),
                    LimitPerPerson = table.Column<int>(type: "int", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: false),
                    OpensMinute = table.Column<int>(type: "int", nullable: false),
                    PickUpDays = table.Column<int>(type: "int", nullable: false),
                    PickUpPlace = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    CouponCode = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: true, collation: "utf8mb4_bin"),
                    PeriodDays = table.Column<int>(type: "int", nullable: false),
                    Spaces = table.Column<string>(type: "varchar(2000)", maxLength: 2000, nullable: false, collation: "utf8mb4_bin"),
                    PictureId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Rewards", x => x.Id);
                    table.CheckConstraint("CK_Rewards_Stock", "CostPoints > 0 AND StockLeft >= 0 AND StockLeft <= StockTotal AND LimitPerPerson > 0 AND PickUpDays > 0 AND PeriodDays >= 0 AND OpensMinute BETWEEN 0 AND 1439");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "RoleGrants",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    StaffId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Role = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    GrantedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    GrantedAlone = table.Column<bool>(type: "tinyint(1)", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RoleGrants", x => x.Id);
                    table.CheckConstraint("CK_RoleGrants_TwoPeople", "GrantedAlone IS NOT NULL OR GrantedBy IS NULL OR GrantedBy <> ProposedBy");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "RosterImports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    FileName = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    FileHash = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    RowsRead = table.Column<int>(type: "int", nullable: false),
                    RowsWritten = table.Column<int>(type: "int", nullable: false),
                    RowsUnchanged = table.Column<int>(type: "int", nullable: false),
                    RowsSkipped = table.Column<int>(type: "int", nullable: false),
                    RowsBad = table.Column<int>(type: "int", nullable: false),
                    Report = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    StartedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    StartedAt = table.Column<long>(type: "bigint", nullable: false),
                    FinishedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RosterImports", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "SendPaces",
                columns: table => new
                {
                    Channel = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    FreeFromMs = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SendPaces", x => x.Channel);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "SentTexts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Channel = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Text = table.Column<string>(type: "varchar(4000)", maxLength: 4000, nullable: false, collation: "utf8mb4_bin"),
                    Address = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Parts = table.Column<int>(type: "int", nullable: false),
                    PartFen = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Tracking = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: true, collation: "utf8mb4_bin"),
                    PostedOn = table.Column<DateOnly>(type: "date", nullable: true),
                    PostedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DeliveredOn = table.Column<DateOnly>(type: "date", nullable: true),
                    SignedOn = table.Column<DateOnly>(type: "date", nullable: true),
                    SignedBy = table.Column<string>(type: "varchar(60)", maxLength: 60, nullable: true, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SentTexts", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "SmsAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    AccessKeyId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    SecretWrapped = table.Column<byte[]>(type: "varbinary(300)", maxLength: 300, nullable: false),
                    SignName = table.Column<string>(type: "varchar(20)", maxLength: 20, nullable: false, collation: "utf8mb4_bin"),
                    ReportHash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SmsAccounts", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "StaffAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Login = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    PasswordHash = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    FailedSignIns = table.Column<int>(type: "int", nullable: false),
                    LockedUntil = table.Column<long>(type: "bigint", nullable: true),
                    Disabled = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    MustChangePassword = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StaffAccounts", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "StaffRecoveryCodes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    StaffId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Hash = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false),
                    UsedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StaffRecoveryCodes", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "StaffTokens",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    StaffId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Hash = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false),
                    Label = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StaffTokens", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "StaffTotps",
                columns: table => new
                {
                    StaffId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    SecretWrapped = table.Column<byte[]>(type: "varbinary(64)", maxLength: 64, nullable: false),
                    ConfirmedAt = table.Column<long>(type: "bigint", nullable: true),
                    LastStep = table.Column<long>(type: "bigint", nullable: false),
                    FailedCodes = table.Column<int>(type: "int", nullable: false),
                    LockedUntil = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StaffTotps", x => x.StaffId);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "SubscriptionEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    WeChatUserId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    WeChatTemplateId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    WeChatMessageId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Failure = table.Column<string>(type: "varchar(100)", maxLength: 100, nullable: true, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ReceivedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SubscriptionEvents", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "SurveyAnswers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    SurveyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    QuestionId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Choices = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Text = table.Column<string>(type: "varchar(1000)", maxLength: 1000, nullable: false, collation: "utf8mb4_bin"),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    At = table.Column<long>(type: "bigint", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SurveyAnswers", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "SurveyQuestions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    SurveyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Text = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Options = table.Column<string>(type: "varchar(4000)", maxLength: 4000, nullable: false, collation: "utf8mb4_bin"),
                    Required = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SurveyQuestions", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Surveys",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Intro = table.Column<string>(type: "varchar(1000)", maxLength: 1000, nullable: false, collation: "utf8mb4_bin"),
                    Audience = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    BuildingId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Unit = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Anonymous = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: false),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Surveys", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "SurveyTurns",
                columns: table => new
                {
                    SurveyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    UnitId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Done = table.Column<bool>(type: "tinyint(1)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SurveyTurns", x => new { x.SurveyId, x.UnitId });
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "TariffProposals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Content = table.Column<string>(type: "longtext", maxLength: -1, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TariffProposals", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Tariffs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Slot = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    Version = table.Column<int>(type: "int", nullable: false),
                    Name = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Formula = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    UnitPrice = table.Column<long>(type: "bigint", nullable: false),
                    Tiers = table.Column<string>(type: "varchar(2000)", maxLength: 2000, nullable: true, collation: "utf8mb4_bin"),
                    TierPeriod = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    UnitName = table.Column<string>(type: "varchar(8)", maxLength: 8, nullable: true, collation: "utf8mb4_bin"),
                    Basis = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    VacantShares = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    UsageKindId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Scope = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ScopeId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: true),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tariffs", x => x.Id);
                    table.CheckConstraint("CK_Tariffs_UnitPrice", "UnitPrice >= 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "Tenures",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ShareHundredths = table.Column<int>(type: "int", nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tenures", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "TransferCodes",
                columns: table => new
                {
                    PartyId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Code = table.Column<string>(type: "varchar(12)", maxLength: 12, nullable: false, collation: "utf8mb4_bin"),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TransferCodes", x => x.PartyId);
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

            migrationBuilder.CreateTable(
                name: "Waivers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    PrincipalFen = table.Column<long>(type: "bigint", nullable: false),
                    LateFeeFen = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Evidence = table.Column<string>(type: "varchar(400)", maxLength: 400, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    DecidedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DecidedAt = table.Column<long>(type: "bigint", nullable: true),
                    GrantedOn = table.Column<DateOnly>(type: "date", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Waivers", x => x.Id);
                    table.CheckConstraint("CK_Waivers_Fen", "PrincipalFen >= 0 AND LateFeeFen >= 0 AND PrincipalFen + LateFeeFen > 0");
                    table.CheckConstraint("CK_Waivers_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "WeChatBillFiles",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Kind = table.Column<string>(type: "varchar(16)", maxLength: 16, nullable: false, collation: "utf8mb4_bin"),
                    Sha1 = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    Empty = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    FetchedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeChatBillFiles", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "WeChatBillParts",
                columns: table => new
                {
                    FileId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Content = table.Column<byte[]>(type: "longblob", maxLength: -1, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeChatBillParts", x => new { x.FileId, x.Number });
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "WeChatCallbacks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MchId = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    NotificationId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    EventType = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    OutTradeNo = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    TransactionId = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin"),
                    Headers = table.Column<string>(type: "varchar(2000)", maxLength: 2000, nullable: false, collation: "utf8mb4_bin"),
                    Body = table.Column<byte[]>(type: "longblob", maxLength: 66000, nullable: false),
                    ReceivedAt = table.Column<long>(type: "bigint", nullable: false),
                    Times = table.Column<int>(type: "int", nullable: false),
                    Outcome = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeChatCallbacks", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "WeChatPayOuts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    FlowNo = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    BankReference = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: true, collation: "utf8mb4_bin"),
                    ArrivedOn = table.Column<DateOnly>(type: "date", nullable: true),
                    ArrivedBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeChatPayOuts", x => x.Id);
                    table.CheckConstraint("CK_WeChatPayOuts_Amount", "AmountFen <> 0");
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "WeChatUsers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    AppId = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    OpenId = table.Column<string>(type: "varchar(128)", maxLength: 128, nullable: false, collation: "utf8mb4_bin"),
                    UnionId = table.Column<string>(type: "varchar(128)", maxLength: 128, nullable: true, collation: "utf8mb4_bin"),
                    SessionKeyWrapped = table.Column<byte[]>(type: "varbinary(200)", maxLength: 200, nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    LastLoginAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeChatUsers", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "WorkItems",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Kind = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    SubjectId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    Role = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    Title = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Detail = table.Column<string>(type: "varchar(1000)", maxLength: 1000, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    DoneBy = table.Column<Guid>(type: "binary(16)", nullable: true),
                    DoneAt = table.Column<long>(type: "bigint", nullable: true),
                    Resolution = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: true, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WorkItems", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "WrittenDemands",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    CommunityId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    BillId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ArrivedOn = table.Column<DateOnly>(type: "date", nullable: false),
                    Evidence = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ProposedBy = table.Column<Guid>(type: "binary(16)", nullable: false),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: false),
                    Seal = table.Column<byte[]>(type: "varbinary(20)", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WrittenDemands", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

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
                name: "IX_Approvals_CommunityId_State_ProposedAt",
                table: "Approvals",
                columns: new[] { "CommunityId", "State", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Approvals_Kind_SubjectId",
                table: "Approvals",
                columns: new[] { "Kind", "SubjectId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_CommunityId_At",
                table: "AuditEntries",
                columns: new[] { "CommunityId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_CommunityId_ChainNumber",
                table: "AuditEntries",
                columns: new[] { "CommunityId", "ChainNumber" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_SubjectId",
                table: "AuditEntries",
                column: "SubjectId");

            migrationBuilder.CreateIndex(
                name: "IX_BankAccounts_CommunityId_Code",
                table: "BankAccounts",
                columns: new[] { "CommunityId", "Code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BankImports_CommunityId_At",
                table: "BankImports",
                columns: new[] { "CommunityId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_BankRows_BankAccountId_RowKey",
                table: "BankRows",
                columns: new[] { "BankAccountId", "RowKey" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BankRows_CommunityId_State_On",
                table: "BankRows",
                columns: new[] { "CommunityId", "State", "On" });

            migrationBuilder.CreateIndex(
                name: "IX_BankRows_ReturnId",
                table: "BankRows",
                column: "ReturnId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BankRows_SettledBy",
                table: "BankRows",
                column: "SettledBy");

            migrationBuilder.CreateIndex(
                name: "IX_BillAdjustmentLines_AdjustmentId_BillLineId",
                table: "BillAdjustmentLines",
                columns: new[] { "AdjustmentId", "BillLineId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BillAdjustmentLines_BillLineId",
                table: "BillAdjustmentLines",
                column: "BillLineId");

            migrationBuilder.CreateIndex(
                name: "IX_BillAdjustmentLines_CommunityId",
                table: "BillAdjustmentLines",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_BillAdjustments_BillId",
                table: "BillAdjustments",
                column: "BillId");

            migrationBuilder.CreateIndex(
                name: "IX_BillAdjustments_CommunityId_ProposedAt",
                table: "BillAdjustments",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_BillClaims_HouseId_ServiceMonth",
                table: "BillClaims",
                columns: new[] { "HouseId", "ServiceMonth" });

            migrationBuilder.CreateIndex(
                name: "IX_BillClaims_LiveKey",
                table: "BillClaims",
                column: "LiveKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BillClaims_RunId",
                table: "BillClaims",
                column: "RunId");

            migrationBuilder.CreateIndex(
                name: "IX_BillFetches_MerchantAccountId_Day",
                table: "BillFetches",
                columns: new[] { "MerchantAccountId", "Day" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BillHolds_OrderId",
                table: "BillHolds",
                column: "OrderId");

            migrationBuilder.CreateIndex(
                name: "IX_BillLines_BillId_Number",
                table: "BillLines",
                columns: new[] { "BillId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BillLines_CommunityId_To",
                table: "BillLines",
                columns: new[] { "CommunityId", "To" });

            migrationBuilder.CreateIndex(
                name: "IX_BillReductions_BillId",
                table: "BillReductions",
                column: "BillId");

            migrationBuilder.CreateIndex(
                name: "IX_BillReductions_CommunityId",
                table: "BillReductions",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_BillReductions_SourceKind_SourceId_BillId_BillLineId",
                table: "BillReductions",
                columns: new[] { "SourceKind", "SourceId", "BillId", "BillLineId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BillRuns_CommunityId_ProposedAt",
                table: "BillRuns",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Bills_CommunityId_State_DueOn",
                table: "Bills",
                columns: new[] { "CommunityId", "State", "DueOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Bills_HouseId_State",
                table: "Bills",
                columns: new[] { "HouseId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_Bills_RunId_HouseId_PartyId_Beneficiary",
                table: "Bills",
                columns: new[] { "RunId", "HouseId", "PartyId", "Beneficiary" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BindingCodes_Hash",
                table: "BindingCodes",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Bindings_PersonId",
                table: "Bindings",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_Bindings_WeChatUserId_PersonId",
                table: "Bindings",
                columns: new[] { "WeChatUserId", "PersonId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BookMonthChanges_CommunityId_Month_State",
                table: "BookMonthChanges",
                columns: new[] { "CommunityId", "Month", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_BookMonths_CommunityId_Month",
                table: "BookMonths",
                columns: new[] { "CommunityId", "Month" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Buildings_CommunityId_Code",
                table: "Buildings",
                columns: new[] { "CommunityId", "Code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CampaignMembers_CampaignId_HouseId_PersonId",
                table: "CampaignMembers",
                columns: new[] { "CampaignId", "HouseId", "PersonId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CampaignMembers_CampaignId_State_Id",
                table: "CampaignMembers",
                columns: new[] { "CampaignId", "State", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_CampaignMembers_CommunityId",
                table: "CampaignMembers",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_CampaignMembers_PersonId_DoneAt",
                table: "CampaignMembers",
                columns: new[] { "PersonId", "DoneAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Campaigns_CommunityId_CreatedAt",
                table: "Campaigns",
                columns: new[] { "CommunityId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Campaigns_Kind_SubjectId",
                table: "Campaigns",
                columns: new[] { "Kind", "SubjectId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Campaigns_State_StartAt",
                table: "Campaigns",
                columns: new[] { "State", "StartAt" });

            migrationBuilder.CreateIndex(
                name: "IX_CashDeposits_CommunityId_BankAccountId_Slip",
                table: "CashDeposits",
                columns: new[] { "CommunityId", "BankAccountId", "Slip" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CashDeposits_ShiftId",
                table: "CashDeposits",
                column: "ShiftId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CashShifts_CommunityId_OpenedAt",
                table: "CashShifts",
                columns: new[] { "CommunityId", "OpenedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_CashShifts_CommunityId_OpenFor",
                table: "CashShifts",
                columns: new[] { "CommunityId", "OpenFor" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CollectionBatches_CommunityId_Code",
                table: "CollectionBatches",
                columns: new[] { "CommunityId", "Code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CollectionBatches_CommunityId_CreatedAt",
                table: "CollectionBatches",
                columns: new[] { "CommunityId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_CollectionItems_BatchId_Number",
                table: "CollectionItems",
                columns: new[] { "BatchId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CollectionItems_CommunityId_State",
                table: "CollectionItems",
                columns: new[] { "CommunityId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_CollectionItems_PendingFor",
                table: "CollectionItems",
                column: "PendingFor",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Communities_Code",
                table: "Communities",
                column: "Code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CommunityEvents_CommunityId_StartsAt",
                table: "CommunityEvents",
                columns: new[] { "CommunityId", "StartsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_CommunityEvents_State_StartsAt",
                table: "CommunityEvents",
                columns: new[] { "State", "StartsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ContactPreferences_CommunityId",
                table: "ContactPreferences",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_CounterPayments_CommunityId_OnceKey",
                table: "CounterPayments",
                columns: new[] { "CommunityId", "OnceKey" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CounterPayments_ShiftId",
                table: "CounterPayments",
                column: "ShiftId");

            migrationBuilder.CreateIndex(
                name: "IX_Coupons_CommunityId_Code",
                table: "Coupons",
                columns: new[] { "CommunityId", "Code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Coupons_CommunityId_OfferCode_PersonId_Sequence",
                table: "Coupons",
                columns: new[] { "CommunityId", "OfferCode", "PersonId", "Sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Coupons_OfferId",
                table: "Coupons",
                column: "OfferId");

            migrationBuilder.CreateIndex(
                name: "IX_Coupons_PersonId_State",
                table: "Coupons",
                columns: new[] { "PersonId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_Coupons_State_ExpiresAt",
                table: "Coupons",
                columns: new[] { "State", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Deferrals_CommunityId_ProposedAt",
                table: "Deferrals",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Deferrals_HouseId",
                table: "Deferrals",
                column: "HouseId");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_AddressId_ProviderId",
                table: "Deliveries",
                columns: new[] { "AddressId", "ProviderId" });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_CampaignId_State",
                table: "Deliveries",
                columns: new[] { "CampaignId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_Claim",
                table: "Deliveries",
                column: "Claim");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_MessageId_Channel_AddressId",
                table: "Deliveries",
                columns: new[] { "MessageId", "Channel", "AddressId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_State_NextTryAt",
                table: "Deliveries",
                columns: new[] { "State", "NextTryAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_SubjectId_Kind_Channel_AddressId",
                table: "Deliveries",
                columns: new[] { "SubjectId", "Kind", "Channel", "AddressId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DifferenceNotes_CommunityId",
                table: "DifferenceNotes",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_DifferenceNotes_DifferenceId_At",
                table: "DifferenceNotes",
                columns: new[] { "DifferenceId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Differences_CommunityId_State",
                table: "Differences",
                columns: new[] { "CommunityId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_Differences_MerchantAccountId_Day_Cause_Reference",
                table: "Differences",
                columns: new[] { "MerchantAccountId", "Day", "Cause", "Reference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Differences_PaymentId",
                table: "Differences",
                column: "PaymentId");

            migrationBuilder.CreateIndex(
                name: "IX_Differences_RefundId",
                table: "Differences",
                column: "RefundId");

            migrationBuilder.CreateIndex(
                name: "IX_Disputes_AnswerId",
                table: "Disputes",
                column: "AnswerId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Disputes_BillId",
                table: "Disputes",
                column: "BillId");

            migrationBuilder.CreateIndex(
                name: "IX_Disputes_CommunityId_State_OpenedAt",
                table: "Disputes",
                columns: new[] { "CommunityId", "State", "OpenedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Disputes_HouseId_OpenedAt",
                table: "Disputes",
                columns: new[] { "HouseId", "OpenedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Disputes_OpenBillId",
                table: "Disputes",
                column: "OpenBillId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Draws_CommitHex",
                table: "Draws",
                column: "CommitHex",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Draws_CommunityId_CreatedAt",
                table: "Draws",
                columns: new[] { "CommunityId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Draws_State_Closes",
                table: "Draws",
                columns: new[] { "State", "Closes" });

            migrationBuilder.CreateIndex(
                name: "IX_DrawTickets_DrawId_Number",
                table: "DrawTickets",
                columns: new[] { "DrawId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DrawTickets_DrawId_PersonId",
                table: "DrawTickets",
                columns: new[] { "DrawId", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_DrawTickets_DrawId_SourceKind_SourceId_Sequence",
                table: "DrawTickets",
                columns: new[] { "DrawId", "SourceKind", "SourceId", "Sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DrawWins_CommunityId_PickUpCode",
                table: "DrawWins",
                columns: new[] { "CommunityId", "PickUpCode" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DrawWins_DrawId_Position",
                table: "DrawWins",
                columns: new[] { "DrawId", "Position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DrawWins_PersonId",
                table: "DrawWins",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_DrawWins_TicketId",
                table: "DrawWins",
                column: "TicketId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_EventSignUps_EventId_HouseId_PersonId_Live",
                table: "EventSignUps",
                columns: new[] { "EventId", "HouseId", "PersonId", "Live" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_EventSignUps_EventId_State_SignedUpAt",
                table: "EventSignUps",
                columns: new[] { "EventId", "State", "SignedUpAt" });

            migrationBuilder.CreateIndex(
                name: "IX_FeeAgreements_CommunityId_ProposedAt",
                table: "FeeAgreements",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_FeeAgreements_HouseId_From",
                table: "FeeAgreements",
                columns: new[] { "HouseId", "From" });

            migrationBuilder.CreateIndex(
                name: "IX_FeeKindAccounts_CommunityId_FeeKindId",
                table: "FeeKindAccounts",
                columns: new[] { "CommunityId", "FeeKindId" });

            migrationBuilder.CreateIndex(
                name: "IX_FeeKinds_CommunityId_Code",
                table: "FeeKinds",
                columns: new[] { "CommunityId", "Code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Followers_AskedAt",
                table: "Followers",
                column: "AskedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Followers_OfficialAccountId_OpenId",
                table: "Followers",
                columns: new[] { "OfficialAccountId", "OpenId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Followers_UnionId",
                table: "Followers",
                column: "UnionId");

            migrationBuilder.CreateIndex(
                name: "IX_FundFlowDays_CommunityId",
                table: "FundFlowDays",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_FundFlowDays_MerchantAccountId_Day",
                table: "FundFlowDays",
                columns: new[] { "MerchantAccountId", "Day" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_GiftIssues_CommunityId_State_CreatedAt",
                table: "GiftIssues",
                columns: new[] { "CommunityId", "State", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_GiftIssues_HouseId",
                table: "GiftIssues",
                column: "HouseId");

            migrationBuilder.CreateIndex(
                name: "IX_GiftIssues_OrderId_OfferId",
                table: "GiftIssues",
                columns: new[] { "OrderId", "OfferId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_GrantedBills_BillId",
                table: "GrantedBills",
                column: "BillId");

            migrationBuilder.CreateIndex(
                name: "IX_GrantedBills_CommunityId",
                table: "GrantedBills",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_GrantEntries_SourceId_WeChatTemplateId_Reason",
                table: "GrantEntries",
                columns: new[] { "SourceId", "WeChatTemplateId", "Reason" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_GrantEntries_WeChatUserId_WeChatTemplateId",
                table: "GrantEntries",
                columns: new[] { "WeChatUserId", "WeChatTemplateId" });

            migrationBuilder.CreateIndex(
                name: "IX_Houses_BuildingId",
                table: "Houses",
                column: "BuildingId");

            migrationBuilder.CreateIndex(
                name: "IX_Houses_CommunityId_Code",
                table: "Houses",
                columns: new[] { "CommunityId", "Code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_HouseTags_HouseId",
                table: "HouseTags",
                column: "HouseId");

            migrationBuilder.CreateIndex(
                name: "IX_InstalmentPlans_CommunityId_ProposedAt",
                table: "InstalmentPlans",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_InstalmentPlans_HouseId",
                table: "InstalmentPlans",
                column: "HouseId");

            migrationBuilder.CreateIndex(
                name: "IX_InstalmentPlans_State",
                table: "InstalmentPlans",
                column: "State");

            migrationBuilder.CreateIndex(
                name: "IX_InvoiceLines_CommunityId",
                table: "InvoiceLines",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_InvoiceRequests_CommunityId_RequestedAt",
                table: "InvoiceRequests",
                columns: new[] { "CommunityId", "RequestedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_InvoiceRequests_CommunityId_State_RequestedAt",
                table: "InvoiceRequests",
                columns: new[] { "CommunityId", "State", "RequestedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_InvoiceRequests_LivePaymentId",
                table: "InvoiceRequests",
                column: "LivePaymentId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_InvoiceRequests_PaymentId",
                table: "InvoiceRequests",
                column: "PaymentId");

            migrationBuilder.CreateIndex(
                name: "IX_IssuedPapers_CommunityId_CheckCode",
                table: "IssuedPapers",
                columns: new[] { "CommunityId", "CheckCode" });

            migrationBuilder.CreateIndex(
                name: "IX_IssuedPapers_CommunityId_Hash",
                table: "IssuedPapers",
                columns: new[] { "CommunityId", "Hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_IssuedPapers_SubjectId_At",
                table: "IssuedPapers",
                columns: new[] { "SubjectId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Journals_CommunityId_BusinessDate",
                table: "Journals",
                columns: new[] { "CommunityId", "BusinessDate" });

            migrationBuilder.CreateIndex(
                name: "IX_Journals_CommunityId_Month_Number",
                table: "Journals",
                columns: new[] { "CommunityId", "Month", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Journals_Number_At",
                table: "Journals",
                columns: new[] { "Number", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Journals_SourceKind_SourceId",
                table: "Journals",
                columns: new[] { "SourceKind", "SourceId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_KeyRingKeys_Purpose_CreatedAt",
                table: "KeyRingKeys",
                columns: new[] { "Purpose", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_LateFeePauses_BillId_SourceId",
                table: "LateFeePauses",
                columns: new[] { "BillId", "SourceId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_LateFeePauses_CommunityId",
                table: "LateFeePauses",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_LateFeePauses_SourceId",
                table: "LateFeePauses",
                column: "SourceId");

            migrationBuilder.CreateIndex(
                name: "IX_Letterheads_CommunityId_State",
                table: "Letterheads",
                columns: new[] { "CommunityId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_LiableParties_CommunityId",
                table: "LiableParties",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_LiableParties_HouseId_Kind_From",
                table: "LiableParties",
                columns: new[] { "HouseId", "Kind", "From" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_LoanRates_CommunityId_State_From",
                table: "LoanRates",
                columns: new[] { "CommunityId", "State", "From" });

            migrationBuilder.CreateIndex(
                name: "IX_LoanRates_ProposalId",
                table: "LoanRates",
                column: "ProposalId");

            migrationBuilder.CreateIndex(
                name: "IX_Mandates_CommunityId_CreatedAt",
                table: "Mandates",
                columns: new[] { "CommunityId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Mandates_InForceFor",
                table: "Mandates",
                column: "InForceFor",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_MatchedRefunds_CommunityId",
                table: "MatchedRefunds",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_MatchedRefunds_MerchantAccountId_BillDay",
                table: "MatchedRefunds",
                columns: new[] { "MerchantAccountId", "BillDay" });

            migrationBuilder.CreateIndex(
                name: "IX_MatchedRefunds_RefundId",
                table: "MatchedRefunds",
                column: "RefundId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_MatchedRows_CommunityId",
                table: "MatchedRows",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_MatchedRows_MerchantAccountId_BillDay",
                table: "MatchedRows",
                columns: new[] { "MerchantAccountId", "BillDay" });

            migrationBuilder.CreateIndex(
                name: "IX_MatchedRows_PaymentId",
                table: "MatchedRows",
                column: "PaymentId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_MerchantAccounts_CommunityId_MchId_AppId",
                table: "MerchantAccounts",
                columns: new[] { "CommunityId", "MchId", "AppId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Messages_CampaignId",
                table: "Messages",
                column: "CampaignId");

            migrationBuilder.CreateIndex(
                name: "IX_Messages_ChainDue_CreatedAt",
                table: "Messages",
                columns: new[] { "ChainDue", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Messages_PersonId_CreatedAt",
                table: "Messages",
                columns: new[] { "PersonId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Messages_SubjectId_Kind_PersonId",
                table: "Messages",
                columns: new[] { "SubjectId", "Kind", "PersonId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_MessageTemplates_CommunityId_Kind_Version",
                table: "MessageTemplates",
                columns: new[] { "CommunityId", "Kind", "Version" },
                unique: true);

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
                name: "IX_MiniPrograms_AppId",
                table: "MiniPrograms",
                column: "AppId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ModelPayerConsents_ListId_HouseId_PersonId_Live",
                table: "ModelPayerConsents",
                columns: new[] { "ListId", "HouseId", "PersonId", "Live" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ModelPayerLists_CommunityId_CreatedAt",
                table: "ModelPayerLists",
                columns: new[] { "CommunityId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_NoticeFiles_CommunityId",
                table: "NoticeFiles",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_NoticeFiles_NoticeId",
                table: "NoticeFiles",
                column: "NoticeId");

            migrationBuilder.CreateIndex(
                name: "IX_Notices_CommunityId_State_ShownAt",
                table: "Notices",
                columns: new[] { "CommunityId", "State", "ShownAt" });

            migrationBuilder.CreateIndex(
                name: "IX_NoticeTexts_NoticeId_Number",
                table: "NoticeTexts",
                columns: new[] { "NoticeId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_NoticeTexts_State_Tell_ToldAt",
                table: "NoticeTexts",
                columns: new[] { "State", "Tell", "ToldAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Offers_CommunityId_Code_Version",
                table: "Offers",
                columns: new[] { "CommunityId", "Code", "Version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OfferTiers_CommunityId",
                table: "OfferTiers",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_OfferTiers_OfferId_Number",
                table: "OfferTiers",
                columns: new[] { "OfferId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OfferUses_CouponId",
                table: "OfferUses",
                column: "CouponId");

            migrationBuilder.CreateIndex(
                name: "IX_OfferUses_OfferId_OrderId",
                table: "OfferUses",
                columns: new[] { "OfferId", "OrderId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OfferUses_OrderId",
                table: "OfferUses",
                column: "OrderId");

            migrationBuilder.CreateIndex(
                name: "IX_OfficialAccounts_AppId",
                table: "OfficialAccounts",
                column: "AppId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OnceKeys_CreatedAt",
                table: "OnceKeys",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_OrderLines_BillId",
                table: "OrderLines",
                column: "BillId");

            migrationBuilder.CreateIndex(
                name: "IX_OutboxRows_Claim",
                table: "OutboxRows",
                column: "Claim");

            migrationBuilder.CreateIndex(
                name: "IX_OutboxRows_State_NextTryAt",
                table: "OutboxRows",
                columns: new[] { "State", "NextTryAt" });

            migrationBuilder.CreateIndex(
                name: "IX_OutboxRows_SubjectId",
                table: "OutboxRows",
                column: "SubjectId");

            migrationBuilder.CreateIndex(
                name: "IX_ParkingRightDays_RightId",
                table: "ParkingRightDays",
                column: "RightId");

            migrationBuilder.CreateIndex(
                name: "IX_ParkingRights_CommunityId",
                table: "ParkingRights",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_ParkingSpaces_CommunityId_Code",
                table: "ParkingSpaces",
                columns: new[] { "CommunityId", "Code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ParkingSpaces_HouseId",
                table: "ParkingSpaces",
                column: "HouseId");

            migrationBuilder.CreateIndex(
                name: "IX_ParkingSpaces_PersonId",
                table: "ParkingSpaces",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_PayLinks_CommunityId_HouseId_CreatedAt",
                table: "PayLinks",
                columns: new[] { "CommunityId", "HouseId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PayLinks_Hash",
                table: "PayLinks",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PaymentOrders_CommunityId_CreatedAt",
                table: "PaymentOrders",
                columns: new[] { "CommunityId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PaymentOrders_HouseId_CreatedAt",
                table: "PaymentOrders",
                columns: new[] { "HouseId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PaymentOrders_State_ExpiresAt",
                table: "PaymentOrders",
                columns: new[] { "State", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PaymentOrders_State_NextAskAt",
                table: "PaymentOrders",
                columns: new[] { "State", "NextAskAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PaymentOrders_WeChatUserId_CreatedAt",
                table: "PaymentOrders",
                columns: new[] { "WeChatUserId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Payments_Channel_TransactionId",
                table: "Payments",
                columns: new[] { "Channel", "TransactionId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Payments_CommunityId_PaidOn_BookedAt",
                table: "Payments",
                columns: new[] { "CommunityId", "PaidOn", "BookedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Payments_CommunityId_PaidOn_PaidAt",
                table: "Payments",
                columns: new[] { "CommunityId", "PaidOn", "PaidAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Payments_OrderId",
                table: "Payments",
                column: "OrderId");

            migrationBuilder.CreateIndex(
                name: "IX_PersonPhones_CommunityId_Number",
                table: "PersonPhones",
                columns: new[] { "CommunityId", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_PersonPhones_PersonId_Number",
                table: "PersonPhones",
                columns: new[] { "PersonId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Persons_CommunityId_Name",
                table: "Persons",
                columns: new[] { "CommunityId", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanParts_CommunityId",
                table: "PlanParts",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_PlanParts_NoticeId",
                table: "PlanParts",
                column: "NoticeId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PointsEntries_LotId",
                table: "PointsEntries",
                column: "LotId");

            migrationBuilder.CreateIndex(
                name: "IX_PointsEntries_PersonId_At",
                table: "PointsEntries",
                columns: new[] { "PersonId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_PointsEntries_SourceKind_SourceId_LotId",
                table: "PointsEntries",
                columns: new[] { "SourceKind", "SourceId", "LotId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PointsGrants_CommunityId_CreatedAt",
                table: "PointsGrants",
                columns: new[] { "CommunityId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PointsGrants_GrantedBy_AskedOn",
                table: "PointsGrants",
                columns: new[] { "GrantedBy", "AskedOn" });

            migrationBuilder.CreateIndex(
                name: "IX_PointsLots_PersonId_ExpiresOn",
                table: "PointsLots",
                columns: new[] { "PersonId", "ExpiresOn" });

            migrationBuilder.CreateIndex(
                name: "IX_PointsLots_SourceKind_SourceId",
                table: "PointsLots",
                columns: new[] { "SourceKind", "SourceId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PointsTerms_CommunityId_Version",
                table: "PointsTerms",
                columns: new[] { "CommunityId", "Version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Postings_CommunityId_Account",
                table: "Postings",
                columns: new[] { "CommunityId", "Account" });

            migrationBuilder.CreateIndex(
                name: "IX_PrepaidBalances_CommunityId",
                table: "PrepaidBalances",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_PrepaidEntries_HouseId_PartyId",
                table: "PrepaidEntries",
                columns: new[] { "HouseId", "PartyId" });

            migrationBuilder.CreateIndex(
                name: "IX_PrepaidEntries_SourceKind_SourceId_HouseId_PartyId",
                table: "PrepaidEntries",
                columns: new[] { "SourceKind", "SourceId", "HouseId", "PartyId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ReadingPhotos_CommunityId",
                table: "ReadingPhotos",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_Receipts_CommunityId_Year_Number",
                table: "Receipts",
                columns: new[] { "CommunityId", "Year", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Receipts_Number_At",
                table: "Receipts",
                columns: new[] { "Number", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Receipts_PaymentId",
                table: "Receipts",
                column: "PaymentId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ReconciledDays_CommunityId_Day",
                table: "ReconciledDays",
                columns: new[] { "CommunityId", "Day" });

            migrationBuilder.CreateIndex(
                name: "IX_ReconciledDays_MerchantAccountId_Day",
                table: "ReconciledDays",
                columns: new[] { "MerchantAccountId", "Day" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Redemptions_CommunityId_PickUpCode",
                table: "Redemptions",
                columns: new[] { "CommunityId", "PickUpCode" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Redemptions_PersonId_ReservedAt",
                table: "Redemptions",
                columns: new[] { "PersonId", "ReservedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Redemptions_RewardId_PersonId",
                table: "Redemptions",
                columns: new[] { "RewardId", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_Redemptions_State_ExpiresOn",
                table: "Redemptions",
                columns: new[] { "State", "ExpiresOn" });

            migrationBuilder.CreateIndex(
                name: "IX_RefundLines_CommunityId",
                table: "RefundLines",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_Refunds_CommunityId_RequestedAt",
                table: "Refunds",
                columns: new[] { "CommunityId", "RequestedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Refunds_OrderId",
                table: "Refunds",
                column: "OrderId");

            migrationBuilder.CreateIndex(
                name: "IX_Refunds_PaymentId",
                table: "Refunds",
                column: "PaymentId");

            migrationBuilder.CreateIndex(
                name: "IX_Refunds_ShiftId",
                table: "Refunds",
                column: "ShiftId");

            migrationBuilder.CreateIndex(
                name: "IX_Refunds_State_NextTryAt",
                table: "Refunds",
                columns: new[] { "State", "NextTryAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ReminderPolicies_CommunityId_ProposedAt",
                table: "ReminderPolicies",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ReminderPolicies_CommunityId_State",
                table: "ReminderPolicies",
                columns: new[] { "CommunityId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_Reminders_BillId_Stage",
                table: "Reminders",
                columns: new[] { "BillId", "Stage" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Reminders_CommunityId_MadeOn",
                table: "Reminders",
                columns: new[] { "CommunityId", "MadeOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Reversals_CommunityId_ProposedAt",
                table: "Reversals",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Reversals_SubjectId",
                table: "Reversals",
                column: "SubjectId");

            migrationBuilder.CreateIndex(
                name: "IX_RewardPictures_CommunityId",
                table: "RewardPictures",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_Rewards_CommunityId_Code_Version",
                table: "Rewards",
                columns: new[] { "CommunityId", "Code", "Version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RoleGrants_GrantedAlone",
                table: "RoleGrants",
                column: "GrantedAlone",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RoleGrants_StaffId_Role_CommunityId",
                table: "RoleGrants",
                columns: new[] { "StaffId", "Role", "CommunityId" });

            migrationBuilder.CreateIndex(
                name: "IX_RosterImports_CommunityId_StartedAt",
                table: "RosterImports",
                columns: new[] { "CommunityId", "StartedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_SentTexts_CommunityId_Channel_PostedOn_At",
                table: "SentTexts",
                columns: new[] { "CommunityId", "Channel", "PostedOn", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_StaffAccounts_Login",
                table: "StaffAccounts",
                column: "Login",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StaffRecoveryCodes_StaffId_Hash",
                table: "StaffRecoveryCodes",
                columns: new[] { "StaffId", "Hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StaffTokens_Hash",
                table: "StaffTokens",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StaffTokens_StaffId",
                table: "StaffTokens",
                column: "StaffId");

            migrationBuilder.CreateIndex(
                name: "IX_SubscriptionEvents_State_ReceivedAt",
                table: "SubscriptionEvents",
                columns: new[] { "State", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_SubscriptionEvents_WeChatUserId_WeChatTemplateId_Kind_At_WeC~",
                table: "SubscriptionEvents",
                columns: new[] { "WeChatUserId", "WeChatTemplateId", "Kind", "At", "WeChatMessageId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SurveyAnswers_QuestionId",
                table: "SurveyAnswers",
                column: "QuestionId");

            migrationBuilder.CreateIndex(
                name: "IX_SurveyQuestions_SurveyId_Number",
                table: "SurveyQuestions",
                columns: new[] { "SurveyId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Surveys_CommunityId_CreatedAt",
                table: "Surveys",
                columns: new[] { "CommunityId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_TariffProposals_CommunityId_State_ProposedAt",
                table: "TariffProposals",
                columns: new[] { "CommunityId", "State", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Tariffs_CommunityId_FeeKindId_Slot_Version",
                table: "Tariffs",
                columns: new[] { "CommunityId", "FeeKindId", "Slot", "Version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Tenures_CommunityId",
                table: "Tenures",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_Tenures_HouseId_PersonId_Kind_From",
                table: "Tenures",
                columns: new[] { "HouseId", "PersonId", "Kind", "From" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Tenures_PersonId",
                table: "Tenures",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_TransferCodes_CommunityId_Code",
                table: "TransferCodes",
                columns: new[] { "CommunityId", "Code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_VacantRates_CommunityId_ProposedAt",
                table: "VacantRates",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_VacantRates_HouseId_FeeKindId_From",
                table: "VacantRates",
                columns: new[] { "HouseId", "FeeKindId", "From" });

            migrationBuilder.CreateIndex(
                name: "IX_Waivers_BillId",
                table: "Waivers",
                column: "BillId");

            migrationBuilder.CreateIndex(
                name: "IX_Waivers_CommunityId_ProposedAt",
                table: "Waivers",
                columns: new[] { "CommunityId", "ProposedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_WeChatBillFiles_MerchantAccountId_Day_Kind",
                table: "WeChatBillFiles",
                columns: new[] { "MerchantAccountId", "Day", "Kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WeChatCallbacks_MchId_NotificationId",
                table: "WeChatCallbacks",
                columns: new[] { "MchId", "NotificationId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WeChatCallbacks_OutTradeNo",
                table: "WeChatCallbacks",
                column: "OutTradeNo");

            migrationBuilder.CreateIndex(
                name: "IX_WeChatPayOuts_CommunityId_ArrivedOn_Day",
                table: "WeChatPayOuts",
                columns: new[] { "CommunityId", "ArrivedOn", "Day" });

            migrationBuilder.CreateIndex(
                name: "IX_WeChatPayOuts_CommunityId_BankReference",
                table: "WeChatPayOuts",
                columns: new[] { "CommunityId", "BankReference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WeChatPayOuts_MerchantAccountId_FlowNo",
                table: "WeChatPayOuts",
                columns: new[] { "MerchantAccountId", "FlowNo" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WeChatUsers_AppId_OpenId",
                table: "WeChatUsers",
                columns: new[] { "AppId", "OpenId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WorkItems_CommunityId_State_CreatedAt",
                table: "WorkItems",
                columns: new[] { "CommunityId", "State", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_WorkItems_Kind_SubjectId",
                table: "WorkItems",
                columns: new[] { "Kind", "SubjectId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WrittenDemands_BillId",
                table: "WrittenDemands",
                column: "BillId");

            migrationBuilder.CreateIndex(
                name: "IX_WrittenDemands_CommunityId_ProposedAt",
                table: "WrittenDemands",
                columns: new[] { "CommunityId", "ProposedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Apportionments");

            migrationBuilder.DropTable(
                name: "ApportionmentShares");

            migrationBuilder.DropTable(
                name: "Approvals");

            migrationBuilder.DropTable(
                name: "AuditChainHeads");

            migrationBuilder.DropTable(
                name: "AuditEntries");

            migrationBuilder.DropTable(
                name: "BankAccounts");

            migrationBuilder.DropTable(
                name: "BankImports");

            migrationBuilder.DropTable(
                name: "BankRows");

            migrationBuilder.DropTable(
                name: "BillAdjustmentLines");

            migrationBuilder.DropTable(
                name: "BillAdjustments");

            migrationBuilder.DropTable(
                name: "BillClaims");

            migrationBuilder.DropTable(
                name: "BillFetches");

            migrationBuilder.DropTable(
                name: "BillHolds");

            migrationBuilder.DropTable(
                name: "BillLines");

            migrationBuilder.DropTable(
                name: "BillReductions");

            migrationBuilder.DropTable(
                name: "BillRuns");

            migrationBuilder.DropTable(
                name: "Bills");

            migrationBuilder.DropTable(
                name: "BindingCodes");

            migrationBuilder.DropTable(
                name: "Bindings");

            migrationBuilder.DropTable(
                name: "BookMonthChanges");

            migrationBuilder.DropTable(
                name: "BookMonths");

            migrationBuilder.DropTable(
                name: "Buildings");

            migrationBuilder.DropTable(
                name: "CampaignMembers");

            migrationBuilder.DropTable(
                name: "Campaigns");

            migrationBuilder.DropTable(
                name: "CashDeposits");

            migrationBuilder.DropTable(
                name: "CashShifts");

            migrationBuilder.DropTable(
                name: "CollectionBatches");

            migrationBuilder.DropTable(
                name: "CollectionItems");

            migrationBuilder.DropTable(
                name: "Communities");

            migrationBuilder.DropTable(
                name: "CommunityEvents");

            migrationBuilder.DropTable(
                name: "ContactPreferences");

            migrationBuilder.DropTable(
                name: "CounterPayments");

            migrationBuilder.DropTable(
                name: "Coupons");

            migrationBuilder.DropTable(
                name: "Deferrals");

            migrationBuilder.DropTable(
                name: "Deliveries");

            migrationBuilder.DropTable(
                name: "DifferenceNotes");

            migrationBuilder.DropTable(
                name: "Differences");

            migrationBuilder.DropTable(
                name: "Disputes");

            migrationBuilder.DropTable(
                name: "Draws");

            migrationBuilder.DropTable(
                name: "DrawTickets");

            migrationBuilder.DropTable(
                name: "DrawWins");

            migrationBuilder.DropTable(
                name: "EventSignUps");

            migrationBuilder.DropTable(
                name: "FeeAgreements");

            migrationBuilder.DropTable(
                name: "FeeKindAccounts");

            migrationBuilder.DropTable(
                name: "FeeKinds");

            migrationBuilder.DropTable(
                name: "Followers");

            migrationBuilder.DropTable(
                name: "FundFlowDays");

            migrationBuilder.DropTable(
                name: "GiftIssues");

            migrationBuilder.DropTable(
                name: "GrantedBills");

            migrationBuilder.DropTable(
                name: "GrantEntries");

            migrationBuilder.DropTable(
                name: "Houses");

            migrationBuilder.DropTable(
                name: "HouseTags");

            migrationBuilder.DropTable(
                name: "InstalmentPlans");

            migrationBuilder.DropTable(
                name: "InvoiceLines");

            migrationBuilder.DropTable(
                name: "InvoiceRequests");

            migrationBuilder.DropTable(
                name: "IssuedPapers");

            migrationBuilder.DropTable(
                name: "JobHeartbeats");

            migrationBuilder.DropTable(
                name: "Journals");

            migrationBuilder.DropTable(
                name: "KeyRingKeys");

            migrationBuilder.DropTable(
                name: "LateFeePauses");

            migrationBuilder.DropTable(
                name: "Letterheads");

            migrationBuilder.DropTable(
                name: "LiableParties");

            migrationBuilder.DropTable(
                name: "LoanRates");

            migrationBuilder.DropTable(
                name: "MailAccounts");

            migrationBuilder.DropTable(
                name: "Mandates");

            migrationBuilder.DropTable(
                name: "MatchedRefunds");

            migrationBuilder.DropTable(
                name: "MatchedRows");

            migrationBuilder.DropTable(
                name: "MerchantAccounts");

            migrationBuilder.DropTable(
                name: "MessageGrants");

            migrationBuilder.DropTable(
                name: "MessageHolds");

            migrationBuilder.DropTable(
                name: "Messages");

            migrationBuilder.DropTable(
                name: "MessageSettings");

            migrationBuilder.DropTable(
                name: "MessageTemplates");

            migrationBuilder.DropTable(
                name: "MeterReadings");

            migrationBuilder.DropTable(
                name: "Meters");

            migrationBuilder.DropTable(
                name: "MiniPrograms");

            migrationBuilder.DropTable(
                name: "ModelPayerConsents");

            migrationBuilder.DropTable(
                name: "ModelPayerLists");

            migrationBuilder.DropTable(
                name: "NoticeFileParts");

            migrationBuilder.DropTable(
                name: "NoticeFiles");

            migrationBuilder.DropTable(
                name: "NoticeReads");

            migrationBuilder.DropTable(
                name: "Notices");

            migrationBuilder.DropTable(
                name: "NoticeTexts");

            migrationBuilder.DropTable(
                name: "NumberSeries");

            migrationBuilder.DropTable(
                name: "Offers");

            migrationBuilder.DropTable(
                name: "OfferTiers");

            migrationBuilder.DropTable(
                name: "OfferUses");

            migrationBuilder.DropTable(
                name: "OfficialAccounts");

            migrationBuilder.DropTable(
                name: "OnceKeys");

            migrationBuilder.DropTable(
                name: "OrderLines");

            migrationBuilder.DropTable(
                name: "OutboxRows");

            migrationBuilder.DropTable(
                name: "ParkingRightDays");

            migrationBuilder.DropTable(
                name: "ParkingRights");

            migrationBuilder.DropTable(
                name: "ParkingSpaces");

            migrationBuilder.DropTable(
                name: "PayLinkBills");

            migrationBuilder.DropTable(
                name: "PayLinks");

            migrationBuilder.DropTable(
                name: "PaymentOrders");

            migrationBuilder.DropTable(
                name: "PaymentPauses");

            migrationBuilder.DropTable(
                name: "Payments");

            migrationBuilder.DropTable(
                name: "PersonPhones");

            migrationBuilder.DropTable(
                name: "Persons");

            migrationBuilder.DropTable(
                name: "PickUpGuesses");

            migrationBuilder.DropTable(
                name: "PlanParts");

            migrationBuilder.DropTable(
                name: "PointsEntries");

            migrationBuilder.DropTable(
                name: "PointsGrants");

            migrationBuilder.DropTable(
                name: "PointsLots");

            migrationBuilder.DropTable(
                name: "PointsTerms");

            migrationBuilder.DropTable(
                name: "Postings");

            migrationBuilder.DropTable(
                name: "PrepaidBalances");

            migrationBuilder.DropTable(
                name: "PrepaidEntries");

            migrationBuilder.DropTable(
                name: "ReadingPhotos");

            migrationBuilder.DropTable(
                name: "ReceiptBooks");

            migrationBuilder.DropTable(
                name: "Receipts");

            migrationBuilder.DropTable(
                name: "ReconciledDays");

            migrationBuilder.DropTable(
                name: "Redemptions");

            migrationBuilder.DropTable(
                name: "RefundLines");

            migrationBuilder.DropTable(
                name: "Refunds");

            migrationBuilder.DropTable(
                name: "RejectedCalls");

            migrationBuilder.DropTable(
                name: "ReminderDays");

            migrationBuilder.DropTable(
                name: "ReminderPolicies");

            migrationBuilder.DropTable(
                name: "Reminders");

            migrationBuilder.DropTable(
                name: "Reversals");

            migrationBuilder.DropTable(
                name: "RewardPictures");

            migrationBuilder.DropTable(
                name: "Rewards");

            migrationBuilder.DropTable(
                name: "RoleGrants");

            migrationBuilder.DropTable(
                name: "RosterImports");

            migrationBuilder.DropTable(
                name: "SendPaces");

            migrationBuilder.DropTable(
                name: "SentTexts");

            migrationBuilder.DropTable(
                name: "SmsAccounts");

            migrationBuilder.DropTable(
                name: "StaffAccounts");

            migrationBuilder.DropTable(
                name: "StaffRecoveryCodes");

            migrationBuilder.DropTable(
                name: "StaffTokens");

            migrationBuilder.DropTable(
                name: "StaffTotps");

            migrationBuilder.DropTable(
                name: "SubscriptionEvents");

            migrationBuilder.DropTable(
                name: "SurveyAnswers");

            migrationBuilder.DropTable(
                name: "SurveyQuestions");

            migrationBuilder.DropTable(
                name: "Surveys");

            migrationBuilder.DropTable(
                name: "SurveyTurns");

            migrationBuilder.DropTable(
                name: "TariffProposals");

            migrationBuilder.DropTable(
                name: "Tariffs");

            migrationBuilder.DropTable(
                name: "Tenures");

            migrationBuilder.DropTable(
                name: "TransferCodes");

            migrationBuilder.DropTable(
                name: "VacantRates");

            migrationBuilder.DropTable(
                name: "Waivers");

            migrationBuilder.DropTable(
                name: "WeChatBillFiles");

            migrationBuilder.DropTable(
                name: "WeChatBillParts");

            migrationBuilder.DropTable(
                name: "WeChatCallbacks");

            migrationBuilder.DropTable(
                name: "WeChatPayOuts");

            migrationBuilder.DropTable(
                name: "WeChatUsers");

            migrationBuilder.DropTable(
                name: "WorkItems");

            migrationBuilder.DropTable(
                name: "WrittenDemands");
        }
    }
}
