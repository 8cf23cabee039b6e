using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.MySql
{
    /// <inheritdoc />
    public partial class Books19219 : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Payments_CommunityId_PaidOn",
                table: "Payments");

            migrationBuilder.DropCheckConstraint(
                name: "CK_Bills_Open",
                table: "Bills");

            migrationBuilder.DropCheckConstraint(
                name: "CK_BillReductions_Fen",
                table: "BillReductions");

            migrationBuilder.DropIndex(
                name: "IX_BillLines_CommunityId",
                table: "BillLines");

            migrationBuilder.DropCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "Content",
                table: "WeChatBillFiles");

            migrationBuilder.AddColumn<long>(
                name: "SeenUntil",
                table: "ReconciledDays",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateOnly>(
                name: "MeantFor",
                table: "Journals",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "AssignedTo",
                table: "Differences",
                type: "binary(16)",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "AdjustedFen",
                table: "Bills",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "OwnDiscountFen",
                table: "BillReductions",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "AdjustedFen",
                table: "BillLines",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "AdjustedNetFen",
                table: "BillLines",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

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

            migrationBuilder.CreateIndex(
                name: "IX_Payments_CommunityId_PaidOn_PaidAt",
                table: "Payments",
                columns: new[] { "CommunityId", "PaidOn", "PaidAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Journals_CommunityId_BusinessDate",
                table: "Journals",
                columns: new[] { "CommunityId", "BusinessDate" });

            migrationBuilder.AddCheckConstraint(
                name: "CK_Bills_Open",
                table: "Bills",
                sql: "AmountFen >= 0 AND AmountFen + AdjustedFen >= 0 AND OpenFen >= 0 AND OpenFen <= AmountFen + AdjustedFen");

            migrationBuilder.AddCheckConstraint(
                name: "CK_BillReductions_Fen",
                table: "BillReductions",
                sql: "(Fen > 0 AND DiscountFen >= 0 AND DiscountFen <= Fen AND OwnDiscountFen >= 0 AND OwnDiscountFen <= DiscountFen) OR (Fen < 0 AND DiscountFen <= 0 AND DiscountFen >= Fen AND OwnDiscountFen <= 0 AND OwnDiscountFen >= DiscountFen)");

            migrationBuilder.CreateIndex(
                name: "IX_BillLines_CommunityId_To",
                table: "BillLines",
                columns: new[] { "CommunityId", "To" });

            migrationBuilder.AddCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines",
                sql: "AmountFen >= 0 AND NetFen + TaxFen = AmountFen AND AmountFen + AdjustedFen >= 0 AND OpenFen >= 0 AND OpenFen <= AmountFen + AdjustedFen");

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
                name: "IX_BookMonthChanges_CommunityId_Month_State",
                table: "BookMonthChanges",
                columns: new[] { "CommunityId", "Month", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_BookMonths_CommunityId_Month",
                table: "BookMonths",
                columns: new[] { "CommunityId", "Month" },
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
                name: "IX_FundFlowDays_CommunityId",
                table: "FundFlowDays",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_FundFlowDays_MerchantAccountId_Day",
                table: "FundFlowDays",
                columns: new[] { "MerchantAccountId", "Day" },
                unique: true);

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BillAdjustmentLines");

            migrationBuilder.DropTable(
                name: "BillAdjustments");

            migrationBuilder.DropTable(
                name: "BookMonthChanges");

            migrationBuilder.DropTable(
                name: "BookMonths");

            migrationBuilder.DropTable(
                name: "DifferenceNotes");

            migrationBuilder.DropTable(
                name: "FundFlowDays");

            migrationBuilder.DropTable(
                name: "WeChatBillParts");

            migrationBuilder.DropTable(
                name: "WeChatPayOuts");

            migrationBuilder.DropIndex(
                name: "IX_Payments_CommunityId_PaidOn_PaidAt",
                table: "Payments");

            migrationBuilder.DropIndex(
                name: "IX_Journals_CommunityId_BusinessDate",
                table: "Journals");

            migrationBuilder.DropCheckConstraint(
                name: "CK_Bills_Open",
                table: "Bills");

            migrationBuilder.DropCheckConstraint(
                name: "CK_BillReductions_Fen",
                table: "BillReductions");

            migrationBuilder.DropIndex(
                name: "IX_BillLines_CommunityId_To",
                table: "BillLines");

            migrationBuilder.DropCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "SeenUntil",
                table: "ReconciledDays");

            migrationBuilder.DropColumn(
                name: "MeantFor",
                table: "Journals");

            migrationBuilder.DropColumn(
                name: "AssignedTo",
                table: "Differences");

            migrationBuilder.DropColumn(
                name: "AdjustedFen",
                table: "Bills");

            migrationBuilder.DropColumn(
                name: "OwnDiscountFen",
                table: "BillReductions");

            migrationBuilder.DropColumn(
                name: "AdjustedFen",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "AdjustedNetFen",
                table: "BillLines");

            migrationBuilder.AddColumn<byte[]>(
                name: "Content",
                table: "WeChatBillFiles",
                type: "longblob",
                maxLength: -1,
                nullable: false);

            migrationBuilder.CreateIndex(
                name: "IX_Payments_CommunityId_PaidOn",
                table: "Payments",
                columns: new[] { "CommunityId", "PaidOn" });

            migrationBuilder.AddCheckConstraint(
                name: "CK_Bills_Open",
                table: "Bills",
                sql: "AmountFen >= 0 AND OpenFen >= 0 AND OpenFen <= AmountFen");

            migrationBuilder.AddCheckConstraint(
                name: "CK_BillReductions_Fen",
                table: "BillReductions",
                sql: "(Fen > 0 AND DiscountFen >= 0 AND DiscountFen <= Fen) OR (Fen < 0 AND DiscountFen <= 0 AND DiscountFen >= Fen)");

            migrationBuilder.CreateIndex(
                name: "IX_BillLines_CommunityId",
                table: "BillLines",
                column: "CommunityId");

            migrationBuilder.AddCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines",
                sql: "AmountFen >= 0 AND NetFen + TaxFen = AmountFen AND OpenFen >= 0 AND OpenFen <= AmountFen");
        }
    }
}
