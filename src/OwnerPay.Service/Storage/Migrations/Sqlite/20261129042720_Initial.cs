using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Approvals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ProposedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    ProposedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DecidedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Note = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true),
                    DecisionNote = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Approvals", x => x.Id);
                    table.CheckConstraint("CK_Approvals_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
                });

            migrationBuilder.CreateTable(
                name: "AuditChainHeads",
                columns: table => new
                {
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LastNumber = table.Column<long>(type: "INTEGER", nullable: false),
                    LastHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditChainHeads", x => x.CommunityId);
                });

            migrationBuilder.CreateTable(
                name: "AuditEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Action = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Detail = table.Column<string>(type: "TEXT", maxLength: -1, nullable: false),
                    ChainNumber = table.Column<long>(type: "INTEGER", nullable: true),
                    ChainHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditEntries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BillClaims",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Slot = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    ParkingSpaceId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ServiceMonth = table.Column<int>(type: "INTEGER", nullable: false),
                    RunId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LiveKey = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillClaims", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BillFetches",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    NextTryAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastError = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillFetches", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BillHolds",
                columns: table => new
                {
                    BillId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillHolds", x => x.BillId);
                });

            migrationBuilder.CreateTable(
                name: "BillLines",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TariffId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ParkingSpaceId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Title = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    QuantityHundredths = table.Column<long>(type: "INTEGER", nullable: false),
                    UnitPrice = table.Column<long>(type: "INTEGER", nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    To = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    AmountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    NetFen = table.Column<long>(type: "INTEGER", nullable: false),
                    TaxFen = table.Column<long>(type: "INTEGER", nullable: false),
                    TaxCode = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    TaxRatePerMillion = table.Column<int>(type: "INTEGER", nullable: false),
                    LateFeePerMillion = table.Column<int>(type: "INTEGER", nullable: false),
                    GraceDays = table.Column<int>(type: "INTEGER", nullable: false),
                    LateFeeCapPercent = table.Column<int>(type: "INTEGER", nullable: false),
                    Formula = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    OpenFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillLines", x => x.Id);
                    table.CheckConstraint("CK_BillLines_Amounts", "AmountFen >= 0 AND NetFen + TaxFen = AmountFen AND OpenFen >= 0 AND OpenFen <= AmountFen");
                });

            migrationBuilder.CreateTable(
                name: "BillReductions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillLineId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Fen = table.Column<long>(type: "INTEGER", nullable: false),
                    DiscountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    SourceKind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    SourceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    On = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillReductions", x => x.Id);
                    table.CheckConstraint("CK_BillReductions_Fen", "(Fen > 0 AND DiscountFen >= 0 AND DiscountFen <= Fen) OR (Fen < 0 AND DiscountFen <= 0 AND DiscountFen >= Fen)");
                });

            migrationBuilder.CreateTable(
                name: "BillRuns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PeriodFrom = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    PeriodTo = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    DueOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    FeeKinds = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    PreviewHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Bills = table.Column<int>(type: "INTEGER", nullable: false),
                    TotalFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Odd = table.Column<string>(type: "TEXT", maxLength: -1, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ProposedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    ProposedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ConfirmedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    IssuedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillRuns", x => x.Id);
                    table.CheckConstraint("CK_BillRuns_TwoPeople", "ConfirmedBy IS NULL OR ConfirmedBy <> ProposedBy");
                });

            migrationBuilder.CreateTable(
                name: "Bills",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PartyId = table.Column<Guid>(type: "TEXT", nullable: false),
                    RunId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Beneficiary = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    PeriodFrom = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    PeriodTo = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    DueOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    IssuedOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    AmountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    OpenFen = table.Column<long>(type: "INTEGER", nullable: false),
                    PaidOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Bills", x => x.Id);
                    table.CheckConstraint("CK_Bills_Open", "AmountFen >= 0 AND OpenFen >= 0 AND OpenFen <= AmountFen");
                });

            migrationBuilder.CreateTable(
                name: "BindingCodes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BindingCodes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Bindings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    WeChatUserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Proof = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    PhoneMark = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Bindings", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Buildings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Buildings", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Campaigns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Campaigns", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Communities",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    ContactPhone = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    FirstDay = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    FeeRegime = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    LateFeeFirst = table.Column<bool>(type: "INTEGER", nullable: false),
                    PointsPerYuan = table.Column<int>(type: "INTEGER", nullable: false),
                    AllowsPartPayment = table.Column<bool>(type: "INTEGER", nullable: false),
                    PartPaymentMinFen = table.Column<long>(type: "INTEGER", nullable: false),
                    PrepaidMaxFen = table.Column<long>(type: "INTEGER", nullable: false),
                    PaymentsPaused = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Communities", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Coupons",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OfferId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OfferCode = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: true),
                    IssuedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SourceKind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    SourceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Coupons", x => x.Id);
                    table.CheckConstraint("CK_Coupons_Holder", "(PersonId IS NULL AND Sequence IS NULL) OR (PersonId IS NOT NULL AND Sequence > 0)");
                });

            migrationBuilder.CreateTable(
                name: "Deliveries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MessageId = table.Column<Guid>(type: "TEXT", nullable: false),
                    WeChatUserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    NotBefore = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextTryAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Claim = table.Column<Guid>(type: "TEXT", nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    ReservedTemplateId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    DeliveredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WeChatMessageId = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DoneAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Deliveries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Differences",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Cause = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Reference = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    PaymentId = table.Column<Guid>(type: "TEXT", nullable: true),
                    RefundId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Matched = table.Column<bool>(type: "INTEGER", nullable: false),
                    TheirFen = table.Column<long>(type: "INTEGER", nullable: true),
                    OurFen = table.Column<long>(type: "INTEGER", nullable: true),
                    NextStep = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ResolvedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    Resolution = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    FoundAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ResolvedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Differences", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "FeeKindAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FeeKindAccounts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "FeeKinds",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Beneficiary = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Promotable = table.Column<bool>(type: "INTEGER", nullable: false),
                    TaxCode = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    TaxRatePerMillion = table.Column<int>(type: "INTEGER", nullable: false),
                    LateFeePerMillion = table.Column<int>(type: "INTEGER", nullable: false),
                    GraceDays = table.Column<int>(type: "INTEGER", nullable: false),
                    LateFeeCapPercent = table.Column<int>(type: "INTEGER", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FeeKinds", x => x.Id);
                    table.CheckConstraint("CK_FeeKinds_Terms", "TaxRatePerMillion BETWEEN 0 AND 1000000 AND LateFeePerMillion BETWEEN 0 AND 10000 AND GraceDays BETWEEN 0 AND 366 AND LateFeeCapPercent BETWEEN 0 AND 100");
                });

            migrationBuilder.CreateTable(
                name: "GiftIssues",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OfferId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: true),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    HandedOutBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    HandedOutAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Note = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GiftIssues", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "GrantEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    WeChatUserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    WeChatTemplateId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Delta = table.Column<int>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    SourceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GrantEntries", x => x.Id);
                    table.CheckConstraint("CK_GrantEntries_Delta", "(Reason = 'Emptied' AND Delta < 0) OR (Reason = 'Reserved' AND Delta = -1) OR (Reason IN ('Accepted', 'Returned') AND Delta = 1)");
                });

            migrationBuilder.CreateTable(
                name: "Houses",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BuildingId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    AreaHundredths = table.Column<long>(type: "INTEGER", nullable: false),
                    HandedOverOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Vacant = table.Column<bool>(type: "INTEGER", nullable: false),
                    UsesPrepaid = table.Column<bool>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Houses", x => x.Id);
                    table.CheckConstraint("CK_Houses_Area", "AreaHundredths > 0");
                });

            migrationBuilder.CreateTable(
                name: "HouseTags",
                columns: table => new
                {
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Tag = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HouseTags", x => new { x.CommunityId, x.Tag, x.HouseId });
                });

            migrationBuilder.CreateTable(
                name: "JobHeartbeats",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    LastRunAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastGoodAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastResult = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobHeartbeats", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "Journals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    SourceKind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    SourceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BusinessDate = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Summary = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: true),
                    Month = table.Column<string>(type: "TEXT", maxLength: 7, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Journals", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "KeyRingKeys",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Purpose = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Wrapped = table.Column<byte[]>(type: "BLOB", maxLength: 8000, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeyRingKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "LiableParties",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    To = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LiableParties", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MatchedRefunds",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    RefundId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillDay = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    AmountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    FeeBackFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MatchedRefunds", x => x.Id);
                    table.CheckConstraint("CK_MatchedRefunds_Amount", "AmountFen > 0 AND FeeBackFen >= 0");
                });

            migrationBuilder.CreateTable(
                name: "MatchedRows",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PaymentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillDay = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    TransactionId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    AmountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    FeeFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MatchedRows", x => x.Id);
                    table.CheckConstraint("CK_MatchedRows_Amount", "AmountFen > 0");
                });

            migrationBuilder.CreateTable(
                name: "MerchantAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MchId = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    AppId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    CertificateSerial = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    PrivateKeyWrapped = table.Column<byte[]>(type: "BLOB", maxLength: 4000, nullable: false),
                    ApiV3KeyWrapped = table.Column<byte[]>(type: "BLOB", maxLength: 200, nullable: false),
                    PublicKeyId = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true),
                    PublicKeyPem = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: true),
                    PlatformSerial = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true),
                    PlatformCertificatePem = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: true),
                    Paused = table.Column<bool>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MerchantAccounts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MessageGrants",
                columns: table => new
                {
                    WeChatUserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    WeChatTemplateId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    Reported = table.Column<int>(type: "INTEGER", nullable: false),
                    Pushed = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MessageGrants", x => new { x.WeChatUserId, x.WeChatTemplateId });
                    table.CheckConstraint("CK_MessageGrants_Count", "Count >= 0");
                });

            migrationBuilder.CreateTable(
                name: "Messages",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: true),
                    CampaignId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Title = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Body = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ReadAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Messages", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MessageTemplates",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    WeChatTemplateId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Page = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Fields = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    InboxTitle = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    InboxBody = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MessageTemplates", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MiniPrograms",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AppId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    SecretWrapped = table.Column<byte[]>(type: "BLOB", maxLength: 300, nullable: false),
                    PushTokenWrapped = table.Column<byte[]>(type: "BLOB", maxLength: 100, nullable: true),
                    PushAesKeyWrapped = table.Column<byte[]>(type: "BLOB", maxLength: 100, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MiniPrograms", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NumberSeries",
                columns: table => new
                {
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Period = table.Column<string>(type: "TEXT", maxLength: 7, nullable: false),
                    Last = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NumberSeries", x => new { x.CommunityId, x.Kind, x.Period });
                });

            migrationBuilder.CreateTable(
                name: "Offers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    StackingGroup = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Priority = table.Column<int>(type: "INTEGER", nullable: false),
                    Type = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Value = table.Column<long>(type: "INTEGER", nullable: false),
                    FeeKinds = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Start = table.Column<long>(type: "INTEGER", nullable: false),
                    End = table.Column<long>(type: "INTEGER", nullable: false),
                    MinFen = table.Column<long>(type: "INTEGER", nullable: false),
                    CapFen = table.Column<long>(type: "INTEGER", nullable: true),
                    NeedsWholeYear = table.Column<bool>(type: "INTEGER", nullable: false),
                    Who = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Tag = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Rounding = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Funding = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    CouponDays = table.Column<int>(type: "INTEGER", nullable: false),
                    LimitPerPerson = table.Column<int>(type: "INTEGER", nullable: false),
                    Claimable = table.Column<bool>(type: "INTEGER", nullable: false),
                    GivesCoupon = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    BudgetFen = table.Column<long>(type: "INTEGER", nullable: true),
                    BudgetCount = table.Column<long>(type: "INTEGER", nullable: true),
                    TakenFen = table.Column<long>(type: "INTEGER", nullable: false),
                    TakenCount = table.Column<long>(type: "INTEGER", nullable: false),
                    IssuedCount = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Offers", x => x.Id);
                    table.CheckConstraint("CK_Offers_Budget", "Value >= 0 AND MinFen >= 0 AND TakenFen >= 0 AND TakenCount >= 0 AND (BudgetFen IS NULL OR TakenFen <= BudgetFen) AND (BudgetCount IS NULL OR TakenCount <= BudgetCount) AND IssuedCount >= 0 AND CouponDays >= 0 AND LimitPerPerson >= 0");
                });

            migrationBuilder.CreateTable(
                name: "OfferTiers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OfferId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: true),
                    MinMonths = table.Column<int>(type: "INTEGER", nullable: false),
                    Value = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OfferTiers", x => x.Id);
                    table.CheckConstraint("CK_OfferTiers_Value", "Value > 0 AND MinMonths >= 0");
                });

            migrationBuilder.CreateTable(
                name: "OfferUses",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OfferId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Fen = table.Column<long>(type: "INTEGER", nullable: false),
                    CouponId = table.Column<Guid>(type: "TEXT", nullable: true),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    BeyondBudget = table.Column<bool>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OfferUses", x => x.Id);
                    table.CheckConstraint("CK_OfferUses_Fen", "Fen >= 0");
                });

            migrationBuilder.CreateTable(
                name: "OnceKeys",
                columns: table => new
                {
                    Id = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: false),
                    InputHash = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: false),
                    Refused = table.Column<bool>(type: "INTEGER", nullable: false),
                    Answer = table.Column<string>(type: "TEXT", maxLength: -1, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OnceKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "OrderLines",
                columns: table => new
                {
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillLineId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Fen = table.Column<long>(type: "INTEGER", nullable: false),
                    DiscountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Offers = table.Column<string>(type: "TEXT", maxLength: 600, nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OrderLines", x => new { x.OrderId, x.Number });
                    table.CheckConstraint("CK_OrderLines_Fen", "Fen >= 0 AND DiscountFen >= 0 AND DiscountFen <= Fen");
                });

            migrationBuilder.CreateTable(
                name: "OutboxRows",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Handler = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextTryAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Claim = table.Column<Guid>(type: "TEXT", nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    LastError = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DoneAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OutboxRows", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ParkingSpaces",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: true),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: true),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    To = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ParkingSpaces", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PayLinkBills",
                columns: table => new
                {
                    PayLinkId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillId = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PayLinkBills", x => new { x.PayLinkId, x.BillId });
                });

            migrationBuilder.CreateTable(
                name: "PayLinks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PartyId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: false),
                    StaffId = table.Column<Guid>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PayLinks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PaymentOrders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PartyId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    WeChatUserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OpenId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    PayLinkId = table.Column<Guid>(type: "TEXT", nullable: true),
                    PrincipalFen = table.Column<long>(type: "INTEGER", nullable: false),
                    DiscountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    LateFeeFen = table.Column<long>(type: "INTEGER", nullable: false),
                    PrepaidFen = table.Column<long>(type: "INTEGER", nullable: false),
                    TopUpFen = table.Column<long>(type: "INTEGER", nullable: false),
                    PayableFen = table.Column<long>(type: "INTEGER", nullable: false),
                    QuoteHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Quote = table.Column<string>(type: "TEXT", maxLength: -1, nullable: false),
                    ChoiceHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PointsPerYuan = table.Column<int>(type: "INTEGER", nullable: false),
                    EarnsGift = table.Column<bool>(type: "INTEGER", nullable: false),
                    Request = table.Column<byte[]>(type: "BLOB", maxLength: 8000, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    PrepayId = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true),
                    NextAskAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Asks = table.Column<int>(type: "INTEGER", nullable: false),
                    LastAskedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PaymentOrders", x => x.Id);
                    table.CheckConstraint("CK_PaymentOrders_Amounts", "PayableFen >= 0 AND DiscountFen >= 0 AND DiscountFen <= PrincipalFen AND LateFeeFen >= 0 AND PayableFen = PrincipalFen - DiscountFen + LateFeeFen - PrepaidFen + TopUpFen AND PrepaidFen >= 0 AND TopUpFen >= 0 AND (TopUpFen = 0 OR PrincipalFen + LateFeeFen + PrepaidFen = 0) AND PointsPerYuan >= 0");
                });

            migrationBuilder.CreateTable(
                name: "PaymentPauses",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Paused = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PaymentPauses", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Payments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: true),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Channel = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    TransactionId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TotalFen = table.Column<long>(type: "INTEGER", nullable: false),
                    ReceivedFen = table.Column<long>(type: "INTEGER", nullable: false),
                    OwnCouponFen = table.Column<long>(type: "INTEGER", nullable: false),
                    PaidAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PaidOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    BookedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Payments", x => x.Id);
                    table.CheckConstraint("CK_Payments_Amounts", "TotalFen >= 0 AND OwnCouponFen >= 0 AND OwnCouponFen <= TotalFen AND ReceivedFen = TotalFen - OwnCouponFen");
                });

            migrationBuilder.CreateTable(
                name: "PersonPhones",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonPhones", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Persons",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    IdNumberWrapped = table.Column<byte[]>(type: "BLOB", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Persons", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PointsEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LotId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Delta = table.Column<long>(type: "INTEGER", nullable: false),
                    SourceKind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    SourceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Note = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PointsEntries", x => x.Id);
                    table.CheckConstraint("CK_PointsEntries_Delta", "Delta <> 0");
                });

            migrationBuilder.CreateTable(
                name: "PointsLots",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    SourceKind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    SourceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Earned = table.Column<long>(type: "INTEGER", nullable: false),
                    Remaining = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PointsLots", x => x.Id);
                    table.CheckConstraint("CK_PointsLots_Remaining", "Remaining <= Earned");
                });

            migrationBuilder.CreateTable(
                name: "Postings",
                columns: table => new
                {
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    JournalId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Line = table.Column<int>(type: "INTEGER", nullable: false),
                    Account = table.Column<string>(type: "TEXT", maxLength: 110, nullable: false),
                    Commodity = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Amount = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Postings", x => new { x.CommunityId, x.JournalId, x.Line });
                    table.CheckConstraint("CK_Postings_Amount", "Amount <> 0");
                });

            migrationBuilder.CreateTable(
                name: "PrepaidBalances",
                columns: table => new
                {
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PartyId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BalanceFen = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PrepaidBalances", x => new { x.HouseId, x.PartyId });
                    table.CheckConstraint("CK_PrepaidBalances_Balance", "BalanceFen >= 0");
                });

            migrationBuilder.CreateTable(
                name: "PrepaidEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PartyId = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeltaFen = table.Column<long>(type: "INTEGER", nullable: false),
                    SourceKind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    SourceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PrepaidEntries", x => x.Id);
                    table.CheckConstraint("CK_PrepaidEntries_Delta", "DeltaFen <> 0");
                });

            migrationBuilder.CreateTable(
                name: "Receipts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PaymentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AmountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Year = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    VoidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Receipts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ReconciledDays",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    BillRows = table.Column<int>(type: "INTEGER", nullable: false),
                    MatchedRows = table.Column<int>(type: "INTEGER", nullable: false),
                    BillFen = table.Column<long>(type: "INTEGER", nullable: false),
                    OurFen = table.Column<long>(type: "INTEGER", nullable: false),
                    FeeFen = table.Column<long>(type: "INTEGER", nullable: false),
                    ReconciledAt = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ClosedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReconciledDays", x => x.Id);
                    table.CheckConstraint("CK_ReconciledDays_Rows", "MatchedRows >= 0 AND MatchedRows <= BillRows AND BillFen >= 0 AND OurFen >= 0");
                });

            migrationBuilder.CreateTable(
                name: "Redemptions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    RewardId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CostPoints = table.Column<long>(type: "INTEGER", nullable: false),
                    PickUpCode = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    ReservedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    FulfilledBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Redemptions", x => x.Id);
                    table.CheckConstraint("CK_Redemptions_Cost", "CostPoints > 0");
                });

            migrationBuilder.CreateTable(
                name: "RefundLines",
                columns: table => new
                {
                    RefundId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    BillId = table.Column<Guid>(type: "TEXT", nullable: true),
                    BillLineId = table.Column<Guid>(type: "TEXT", nullable: true),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: true),
                    PartyId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Fen = table.Column<long>(type: "INTEGER", nullable: false),
                    DiscountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RefundLines", x => new { x.RefundId, x.Number });
                    table.CheckConstraint("CK_RefundLines_Fen", "Fen > 0 AND DiscountFen >= 0 AND DiscountFen <= Fen");
                });

            migrationBuilder.CreateTable(
                name: "Refunds",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PaymentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: true),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: true),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: true),
                    AmountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    CashFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Request = table.Column<byte[]>(type: "BLOB", maxLength: 4000, nullable: false),
                    RequestedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    RequestedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    WeChatRefundId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    AcceptedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    NextTryAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    LastError = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Refunds", x => x.Id);
                    table.CheckConstraint("CK_Refunds_Amounts", "AmountFen > 0 AND CashFen >= 0 AND CashFen <= AmountFen");
                });

            migrationBuilder.CreateTable(
                name: "RejectedCalls",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Times = table.Column<int>(type: "INTEGER", nullable: false),
                    Sample = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RejectedCalls", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Rewards",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Description = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    CostPoints = table.Column<long>(type: "INTEGER", nullable: false),
                    StockTotal = table.Column<int>(type: "INTEGER", nullable: false),
                    StockLeft = table.Column<int>(type: "INTEGER", nullable: false),
                    LimitPerPerson = table.Column<int>(type: "INTEGER", nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    To = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    PickUpDays = table.Column<int>(type: "INTEGER", nullable: false),
                    PickUpPlace = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Rewards", x => x.Id);
                    table.CheckConstraint("CK_Rewards_Stock", "CostPoints > 0 AND StockLeft >= 0 AND StockLeft <= StockTotal AND LimitPerPerson > 0 AND PickUpDays > 0");
                });

            migrationBuilder.CreateTable(
                name: "RoleGrants",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    StaffId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Role = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ProposedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    GrantedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    GrantedAlone = table.Column<bool>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RoleGrants", x => x.Id);
                    table.CheckConstraint("CK_RoleGrants_TwoPeople", "GrantedAlone IS NOT NULL OR GrantedBy IS NULL OR GrantedBy <> ProposedBy");
                });

            migrationBuilder.CreateTable(
                name: "RosterImports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    FileName = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    FileHash = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    RowsRead = table.Column<int>(type: "INTEGER", nullable: false),
                    RowsWritten = table.Column<int>(type: "INTEGER", nullable: false),
                    RowsUnchanged = table.Column<int>(type: "INTEGER", nullable: false),
                    RowsSkipped = table.Column<int>(type: "INTEGER", nullable: false),
                    RowsBad = table.Column<int>(type: "INTEGER", nullable: false),
                    Report = table.Column<string>(type: "TEXT", maxLength: -1, nullable: false),
                    StartedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    FinishedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RosterImports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "StaffAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Login = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    PasswordHash = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    FailedSignIns = table.Column<int>(type: "INTEGER", nullable: false),
                    LockedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Disabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    MustChangePassword = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StaffAccounts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "StaffTokens",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    StaffId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: false),
                    Label = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StaffTokens", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SubscriptionEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    WeChatUserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    WeChatTemplateId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    WeChatMessageId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Failure = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SubscriptionEvents", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "TariffProposals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Content = table.Column<string>(type: "TEXT", maxLength: -1, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ProposedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    ProposedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TariffProposals", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Tariffs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    FeeKindId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Slot = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Formula = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    UnitPrice = table.Column<long>(type: "INTEGER", nullable: false),
                    Scope = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ScopeId = table.Column<Guid>(type: "TEXT", nullable: true),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    To = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tariffs", x => x.Id);
                    table.CheckConstraint("CK_Tariffs_UnitPrice", "UnitPrice >= 0");
                });

            migrationBuilder.CreateTable(
                name: "Tenures",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ShareHundredths = table.Column<int>(type: "INTEGER", nullable: true),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    To = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tenures", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "WeChatBillFiles",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Sha1 = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Empty = table.Column<bool>(type: "INTEGER", nullable: false),
                    Content = table.Column<byte[]>(type: "BLOB", maxLength: -1, nullable: false),
                    FetchedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeChatBillFiles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "WeChatCallbacks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    MchId = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    NotificationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    EventType = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    OutTradeNo = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true),
                    TransactionId = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true),
                    Headers = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    Body = table.Column<byte[]>(type: "BLOB", maxLength: 66000, nullable: false),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Times = table.Column<int>(type: "INTEGER", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeChatCallbacks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "WeChatUsers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AppId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    OpenId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    UnionId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: true),
                    SessionKeyWrapped = table.Column<byte[]>(type: "BLOB", maxLength: 200, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastLoginAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeChatUsers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "WorkItems",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Role = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Detail = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DoneBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    DoneAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Resolution = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WorkItems", x => x.Id);
                });

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
                name: "IX_BillLines_CommunityId",
                table: "BillLines",
                column: "CommunityId");

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
                name: "IX_Buildings_CommunityId_Code",
                table: "Buildings",
                columns: new[] { "CommunityId", "Code" },
                unique: true);

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
                name: "IX_Communities_Code",
                table: "Communities",
                column: "Code",
                unique: true);

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
                name: "IX_Deliveries_Claim",
                table: "Deliveries",
                column: "Claim");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_MessageId_WeChatUserId",
                table: "Deliveries",
                columns: new[] { "MessageId", "WeChatUserId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_State_NextTryAt",
                table: "Deliveries",
                columns: new[] { "State", "NextTryAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_SubjectId_Kind_WeChatUserId",
                table: "Deliveries",
                columns: new[] { "SubjectId", "Kind", "WeChatUserId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_WeChatUserId_WeChatMessageId",
                table: "Deliveries",
                columns: new[] { "WeChatUserId", "WeChatMessageId" });

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
                name: "IX_FeeKindAccounts_CommunityId_FeeKindId",
                table: "FeeKindAccounts",
                columns: new[] { "CommunityId", "FeeKindId" });

            migrationBuilder.CreateIndex(
                name: "IX_FeeKinds_CommunityId_Code",
                table: "FeeKinds",
                columns: new[] { "CommunityId", "Code" },
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
                name: "IX_LiableParties_CommunityId",
                table: "LiableParties",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_LiableParties_HouseId_Kind_From",
                table: "LiableParties",
                columns: new[] { "HouseId", "Kind", "From" },
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
                name: "IX_MiniPrograms_AppId",
                table: "MiniPrograms",
                column: "AppId",
                unique: true);

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
                name: "IX_Payments_CommunityId_PaidOn",
                table: "Payments",
                columns: new[] { "CommunityId", "PaidOn" });

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
                name: "IX_PointsLots_PersonId_ExpiresOn",
                table: "PointsLots",
                columns: new[] { "PersonId", "ExpiresOn" });

            migrationBuilder.CreateIndex(
                name: "IX_PointsLots_SourceKind_SourceId",
                table: "PointsLots",
                columns: new[] { "SourceKind", "SourceId" },
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
                name: "IX_Refunds_State_NextTryAt",
                table: "Refunds",
                columns: new[] { "State", "NextTryAt" });

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
                name: "IX_StaffAccounts_Login",
                table: "StaffAccounts",
                column: "Login",
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
                name: "IX_SubscriptionEvents_WeChatUserId_WeChatTemplateId_Kind_At_WeChatMessageId",
                table: "SubscriptionEvents",
                columns: new[] { "WeChatUserId", "WeChatTemplateId", "Kind", "At", "WeChatMessageId" },
                unique: true);

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Approvals");

            migrationBuilder.DropTable(
                name: "AuditChainHeads");

            migrationBuilder.DropTable(
                name: "AuditEntries");

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
                name: "Buildings");

            migrationBuilder.DropTable(
                name: "Campaigns");

            migrationBuilder.DropTable(
                name: "Communities");

            migrationBuilder.DropTable(
                name: "Coupons");

            migrationBuilder.DropTable(
                name: "Deliveries");

            migrationBuilder.DropTable(
                name: "Differences");

            migrationBuilder.DropTable(
                name: "FeeKindAccounts");

            migrationBuilder.DropTable(
                name: "FeeKinds");

            migrationBuilder.DropTable(
                name: "GiftIssues");

            migrationBuilder.DropTable(
                name: "GrantEntries");

            migrationBuilder.DropTable(
                name: "Houses");

            migrationBuilder.DropTable(
                name: "HouseTags");

            migrationBuilder.DropTable(
                name: "JobHeartbeats");

            migrationBuilder.DropTable(
                name: "Journals");

            migrationBuilder.DropTable(
                name: "KeyRingKeys");

            migrationBuilder.DropTable(
                name: "LiableParties");

            migrationBuilder.DropTable(
                name: "MatchedRefunds");

            migrationBuilder.DropTable(
                name: "MatchedRows");

            migrationBuilder.DropTable(
                name: "MerchantAccounts");

            migrationBuilder.DropTable(
                name: "MessageGrants");

            migrationBuilder.DropTable(
                name: "Messages");

            migrationBuilder.DropTable(
                name: "MessageTemplates");

            migrationBuilder.DropTable(
                name: "MiniPrograms");

            migrationBuilder.DropTable(
                name: "NumberSeries");

            migrationBuilder.DropTable(
                name: "Offers");

            migrationBuilder.DropTable(
                name: "OfferTiers");

            migrationBuilder.DropTable(
                name: "OfferUses");

            migrationBuilder.DropTable(
                name: "OnceKeys");

            migrationBuilder.DropTable(
                name: "OrderLines");

            migrationBuilder.DropTable(
                name: "OutboxRows");

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
                name: "PointsEntries");

            migrationBuilder.DropTable(
                name: "PointsLots");

            migrationBuilder.DropTable(
                name: "Postings");

            migrationBuilder.DropTable(
                name: "PrepaidBalances");

            migrationBuilder.DropTable(
                name: "PrepaidEntries");

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
                name: "Rewards");

            migrationBuilder.DropTable(
                name: "RoleGrants");

            migrationBuilder.DropTable(
                name: "RosterImports");

            migrationBuilder.DropTable(
                name: "StaffAccounts");

            migrationBuilder.DropTable(
                name: "StaffTokens");

            migrationBuilder.DropTable(
                name: "SubscriptionEvents");

            migrationBuilder.DropTable(
                name: "TariffProposals");

            migrationBuilder.DropTable(
                name: "Tariffs");

            migrationBuilder.DropTable(
                name: "Tenures");

            migrationBuilder.DropTable(
                name: "WeChatBillFiles");

            migrationBuilder.DropTable(
                name: "WeChatCallbacks");

            migrationBuilder.DropTable(
                name: "WeChatUsers");

            migrationBuilder.DropTable(
                name: "WorkItems");
        }
    }
}
