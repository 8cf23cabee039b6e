using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.Sqlite
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
                    RequestId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BillLineId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    TaxCode = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    TaxRatePerMillion = table.Column<int>(type: "INTEGER", nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    To = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    GrossFen = table.Column<long>(type: "INTEGER", nullable: false),
                    NetFen = table.Column<long>(type: "INTEGER", nullable: false),
                    TaxFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_InvoiceLines", x => new { x.RequestId, x.Number });
                    table.CheckConstraint("CK_InvoiceLines_Amounts", "GrossFen > 0 AND NetFen + TaxFen = GrossFen");
                });

            migrationBuilder.CreateTable(
                name: "InvoiceRequests",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HouseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PaymentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LivePaymentId = table.Column<Guid>(type: "TEXT", nullable: true),
                    RequestedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    TitleKind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    TaxNumber = table.Column<string>(type: "TEXT", maxLength: 18, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    GrossFen = table.Column<long>(type: "INTEGER", nullable: false),
                    NetFen = table.Column<long>(type: "INTEGER", nullable: false),
                    TaxFen = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    RequestedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    IssuedOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    RedNumber = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    RedIssuedOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 190, nullable: true),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_InvoiceRequests", x => x.Id);
                    table.CheckConstraint("CK_InvoiceRequests_Sums", "GrossFen > 0 AND NetFen + TaxFen = GrossFen");
                });

            migrationBuilder.CreateTable(
                name: "IssuedPapers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: -1, nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: false),
                    CheckCode = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IssuedPapers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Letterheads",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CommunityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Company = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Hours = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    BankHolder = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    BankName = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    BankAccount = table.Column<string>(type: "TEXT", maxLength: 190, nullable: false),
                    Closing = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    ProposedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Seal = table.Column<byte[]>(type: "BLOB", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Letterheads", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "StaffRecoveryCodes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    StaffId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StaffRecoveryCodes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "StaffTotps",
                columns: table => new
                {
                    StaffId = table.Column<Guid>(type: "TEXT", nullable: false),
                    SecretWrapped = table.Column<byte[]>(type: "BLOB", maxLength: 64, nullable: false),
                    ConfirmedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastStep = table.Column<long>(type: "INTEGER", nullable: false),
                    FailedCodes = table.Column<int>(type: "INTEGER", nullable: false),
                    LockedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StaffTotps", x => x.StaffId);
                });

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
