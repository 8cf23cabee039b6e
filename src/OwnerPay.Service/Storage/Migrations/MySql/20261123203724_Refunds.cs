using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.MySql
{
    /// <inheritdoc />
    public partial class Refunds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "CK_PointsLots_Remaining",
                table: "PointsLots");

            migrationBuilder.DropCheckConstraint(
                name: "CK_BillReductions_Fen",
                table: "BillReductions");

            migrationBuilder.AddColumn<long>(
                name: "VoidedAt",
                table: "Receipts",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "RefundId",
                table: "Differences",
                type: "binary(16)",
                nullable: true);

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
                    OrderId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    HouseId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    PersonId = table.Column<Guid>(type: "binary(16)", nullable: true),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    CashFen = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<string>(type: "varchar(190)", maxLength: 190, nullable: false, collation: "utf8mb4_bin"),
                    Request = table.Column<byte[]>(type: "varbinary(4000)", maxLength: 4000, nullable: false),
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

            migrationBuilder.AddCheckConstraint(
                name: "CK_PointsLots_Remaining",
                table: "PointsLots",
                sql: "Remaining <= Earned");

            migrationBuilder.CreateIndex(
                name: "IX_Differences_RefundId",
                table: "Differences",
                column: "RefundId");

            migrationBuilder.AddCheckConstraint(
                name: "CK_BillReductions_Fen",
                table: "BillReductions",
                sql: "(Fen > 0 AND DiscountFen >= 0 AND DiscountFen <= Fen) OR (Fen < 0 AND DiscountFen <= 0 AND DiscountFen >= Fen)");

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "MatchedRefunds");

            migrationBuilder.DropTable(
                name: "RefundLines");

            migrationBuilder.DropTable(
                name: "Refunds");

            migrationBuilder.DropCheckConstraint(
                name: "CK_PointsLots_Remaining",
                table: "PointsLots");

            migrationBuilder.DropIndex(
                name: "IX_Differences_RefundId",
                table: "Differences");

            migrationBuilder.DropCheckConstraint(
                name: "CK_BillReductions_Fen",
                table: "BillReductions");

            migrationBuilder.DropColumn(
                name: "VoidedAt",
                table: "Receipts");

            migrationBuilder.DropColumn(
                name: "RefundId",
                table: "Differences");

            migrationBuilder.AddCheckConstraint(
                name: "CK_PointsLots_Remaining",
                table: "PointsLots",
                sql: "Remaining >= 0 AND Remaining <= Earned");

            migrationBuilder.AddCheckConstraint(
                name: "CK_BillReductions_Fen",
                table: "BillReductions",
                sql: "Fen > 0 AND DiscountFen >= 0 AND DiscountFen <= Fen");
        }
    }
}
