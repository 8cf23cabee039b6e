using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.MySql
{
    /// <inheritdoc />
    public partial class Documents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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
                name: "IX_Letterheads_CommunityId_State",
                table: "Letterheads",
                columns: new[] { "CommunityId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_StaffRecoveryCodes_StaffId_Hash",
                table: "StaffRecoveryCodes",
                columns: new[] { "StaffId", "Hash" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "InvoiceLines");

            migrationBuilder.DropTable(
                name: "InvoiceRequests");

            migrationBuilder.DropTable(
                name: "IssuedPapers");

            migrationBuilder.DropTable(
                name: "Letterheads");

            migrationBuilder.DropTable(
                name: "StaffRecoveryCodes");

            migrationBuilder.DropTable(
                name: "StaffTotps");
        }
    }
}
