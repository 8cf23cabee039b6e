using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Books23153 : Migration
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
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateOnly>(
                name: "MeantFor",
                table: "Journals",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "AssignedTo",
                table: "Differences",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "AdjustedFen",
                table: "Bills",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "OwnDiscountFen",
                table: "BillReductions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "AdjustedFen",
                table: "BillLines",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "AdjustedNetFen",
                table: "BillLines",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "BillAdjustmentLines",
                columns: table => new
                {
                    AdjustmentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillLineId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Fen = table.Column<long>(type: "INTEGER", nullable: false),
                    NetFen = table.Column<long>(type: "INTEGER", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillAdjustmentLines", x => new { x.AdjustmentId, x.Number });
                    table.CheckConstraint("CK_BillAdjustmentLines_Fen", "Fen <> 0");
                });

            migrationBuilder.CreateTable(
                name: "BillAdjustments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Evidence = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    ProposedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    ProposedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    DecidedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AppliedOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    CreditFen = table.Column<long>(type: "INTEGER", nullable: false),
                    LateFeeCreditFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillAdjustments", x => x.Id);
                    table.CheckConstraint("CK_BillAdjustments_Credit", "LateFeeCreditFen >= 0 AND CreditFen >= LateFeeCreditFen");
                    table.CheckConstraint("CK_BillAdjustments_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
                });

            migrationBuilder.CreateTable(
                name: "BookMonthChanges",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Month = table.Column<string>(type: "TEXT", maxLength: 7, nullable: false),
                    Action = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ProposedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    ProposedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DecidedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BookMonthChanges", x => x.Id);
                    table.CheckConstraint("CK_BookMonthChanges_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
                });

            migrationBuilder.CreateTable(
                name: "BookMonths",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Month = table.Column<string>(type: "TEXT", maxLength: 7, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ChangeId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Journals = table.Column<long>(type: "INTEGER", nullable: false),
                    TurnoverFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BookMonths", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DifferenceNotes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    DifferenceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    By = table.Column<Guid>(type: "TEXT", nullable: false),
                    AssignedTo = table.Column<Guid>(type: "TEXT", nullable: true),
                    Text = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DifferenceNotes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "FundFlowDays",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    OpeningFen = table.Column<long>(type: "INTEGER", nullable: false),
                    ClosingFen = table.Column<long>(type: "INTEGER", nullable: false),
                    IncomeFen = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpenseFen = table.Column<long>(type: "INTEGER", nullable: false),
                    PaidOutFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FundFlowDays", x => x.Id);
                    table.CheckConstraint("CK_FundFlowDays_Sums", "IncomeFen >= 0 AND ExpenseFen >= 0");
                });

            migrationBuilder.CreateTable(
                name: "WeChatBillParts",
                columns: table => new
                {
                    FileId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Content = table.Column<byte[]>(type: "BLOB", maxLength: -1, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeChatBillParts", x => new { x.FileId, x.Number });
                });

            migrationBuilder.CreateTable(
                name: "WeChatPayOuts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MerchantAccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    FlowNo = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    AmountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    BankReference = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    ArrivedOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    ArrivedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeChatPayOuts", x => x.Id);
                    table.CheckConstraint("CK_WeChatPayOuts_Amount", "AmountFen <> 0");
                });

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
                type: "BLOB",
                maxLength: -1,
                nullable: false,
                defaultValue: new byte[0]);

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
