using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.MySql
{
    /// <inheritdoc />
    public partial class PayLinks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "PayLinkId",
                table: "PaymentOrders",
                type: "binary(16)",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "MerchantAccountId",
                table: "FeeKinds",
                type: "binary(16)",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "AllowsPartPayment",
                table: "Communities",
                type: "tinyint(1)",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "PartPaymentMinFen",
                table: "Communities",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

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

            migrationBuilder.CreateIndex(
                name: "IX_FeeKindAccounts_CommunityId_FeeKindId",
                table: "FeeKindAccounts",
                columns: new[] { "CommunityId", "FeeKindId" });

            migrationBuilder.CreateIndex(
                name: "IX_PayLinks_CommunityId_HouseId_CreatedAt",
                table: "PayLinks",
                columns: new[] { "CommunityId", "HouseId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PayLinks_Hash",
                table: "PayLinks",
                column: "Hash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "FeeKindAccounts");

            migrationBuilder.DropTable(
                name: "PayLinkBills");

            migrationBuilder.DropTable(
                name: "PayLinks");

            migrationBuilder.DropColumn(
                name: "PayLinkId",
                table: "PaymentOrders");

            migrationBuilder.DropColumn(
                name: "MerchantAccountId",
                table: "FeeKinds");

            migrationBuilder.DropColumn(
                name: "AllowsPartPayment",
                table: "Communities");

            migrationBuilder.DropColumn(
                name: "PartPaymentMinFen",
                table: "Communities");
        }
    }
}
