using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Corrections : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "CK_Bills_Open",
                table: "Bills");

            migrationBuilder.DropCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines");

            migrationBuilder.AddColumn<long>(
                name: "AdjustedFen",
                table: "Bills",
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

            migrationBuilder.AddCheckConstraint(
                name: "CK_Bills_Open",
                table: "Bills",
                sql: "AmountFen >= 0 AND AmountFen + AdjustedFen >= 0 AND OpenFen >= 0 AND OpenFen <= AmountFen + AdjustedFen");

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BillAdjustmentLines");

            migrationBuilder.DropTable(
                name: "BillAdjustments");

            migrationBuilder.DropCheckConstraint(
                name: "CK_Bills_Open",
                table: "Bills");

            migrationBuilder.DropCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "AdjustedFen",
                table: "Bills");

            migrationBuilder.DropColumn(
                name: "AdjustedFen",
                table: "BillLines");

            migrationBuilder.DropColumn(
                name: "AdjustedNetFen",
                table: "BillLines");

            migrationBuilder.AddCheckConstraint(
                name: "CK_Bills_Open",
                table: "Bills",
                sql: "AmountFen >= 0 AND OpenFen >= 0 AND OpenFen <= AmountFen");

            migrationBuilder.AddCheckConstraint(
                name: "CK_BillLines_Amounts",
                table: "BillLines",
                sql: "AmountFen >= 0 AND NetFen + TaxFen = AmountFen AND OpenFen >= 0 AND OpenFen <= AmountFen");
        }
    }
}
