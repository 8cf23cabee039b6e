using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.Sqlite
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
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "MerchantAccountId",
                table: "FeeKinds",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "AllowsPartPayment",
                table: "Communities",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "PartPaymentMinFen",
                table: "Communities",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

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
