using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class OffersDepth : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "CK_PaymentOrders_Amounts",
                table: "PaymentOrders");

            migrationBuilder.DropCheckConstraint(
                name: "CK_OfferUses_Fen",
                table: "OfferUses");

            migrationBuilder.DropCheckConstraint(
                name: "CK_Offers_Budget",
                table: "Offers");

            migrationBuilder.AddColumn<bool>(
                name: "EarnsGift",
                table: "PaymentOrders",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "PrepaidFen",
                table: "PaymentOrders",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "TopUpFen",
                table: "PaymentOrders",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<Guid>(
                name: "CouponId",
                table: "OfferUses",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "HouseId",
                table: "OfferUses",
                type: "TEXT",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<Guid>(
                name: "PersonId",
                table: "OfferUses",
                type: "TEXT",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<bool>(
                name: "Claimable",
                table: "Offers",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "CouponDays",
                table: "Offers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Funding",
                table: "Offers",
                type: "TEXT",
                maxLength: 24,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "GivesCoupon",
                table: "Offers",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "IssuedCount",
                table: "Offers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "LimitPerPerson",
                table: "Offers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Rounding",
                table: "Offers",
                type: "TEXT",
                maxLength: 24,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Tag",
                table: "Offers",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Who",
                table: "Offers",
                type: "TEXT",
                maxLength: 24,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "PrepaidMaxFen",
                table: "Communities",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

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

            migrationBuilder.AddCheckConstraint(
                name: "CK_PaymentOrders_Amounts",
                table: "PaymentOrders",
                sql: "PayableFen >= 0 AND DiscountFen >= 0 AND DiscountFen <= PrincipalFen AND LateFeeFen >= 0 AND PayableFen = PrincipalFen - DiscountFen + LateFeeFen - PrepaidFen + TopUpFen AND PrepaidFen >= 0 AND TopUpFen >= 0 AND (TopUpFen = 0 OR PrincipalFen + LateFeeFen + PrepaidFen = 0) AND PointsPerYuan >= 0");

            migrationBuilder.CreateIndex(
                name: "IX_OfferUses_CouponId",
                table: "OfferUses",
                column: "CouponId");

            migrationBuilder.AddCheckConstraint(
                name: "CK_OfferUses_Fen",
                table: "OfferUses",
                sql: "Fen >= 0");

            migrationBuilder.AddCheckConstraint(
                name: "CK_Offers_Budget",
                table: "Offers",
                sql: "Value >= 0 AND MinFen >= 0 AND TakenFen >= 0 AND TakenCount >= 0 AND (BudgetFen IS NULL OR TakenFen <= BudgetFen) AND (BudgetCount IS NULL OR TakenCount <= BudgetCount) AND IssuedCount >= 0 AND CouponDays >= 0 AND LimitPerPerson >= 0");

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
                name: "IX_HouseTags_HouseId",
                table: "HouseTags",
                column: "HouseId");

            migrationBuilder.CreateIndex(
                name: "IX_OfferTiers_CommunityId",
                table: "OfferTiers",
                column: "CommunityId");

            migrationBuilder.CreateIndex(
                name: "IX_OfferTiers_OfferId_Number",
                table: "OfferTiers",
                columns: new[] { "OfferId", "Number" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Coupons");

            migrationBuilder.DropTable(
                name: "GiftIssues");

            migrationBuilder.DropTable(
                name: "HouseTags");

            migrationBuilder.DropTable(
                name: "OfferTiers");

            migrationBuilder.DropCheckConstraint(
                name: "CK_PaymentOrders_Amounts",
                table: "PaymentOrders");

            migrationBuilder.DropIndex(
                name: "IX_OfferUses_CouponId",
                table: "OfferUses");

            migrationBuilder.DropCheckConstraint(
                name: "CK_OfferUses_Fen",
                table: "OfferUses");

            migrationBuilder.DropCheckConstraint(
                name: "CK_Offers_Budget",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "EarnsGift",
                table: "PaymentOrders");

            migrationBuilder.DropColumn(
                name: "PrepaidFen",
                table: "PaymentOrders");

            migrationBuilder.DropColumn(
                name: "TopUpFen",
                table: "PaymentOrders");

            migrationBuilder.DropColumn(
                name: "CouponId",
                table: "OfferUses");

            migrationBuilder.DropColumn(
                name: "HouseId",
                table: "OfferUses");

            migrationBuilder.DropColumn(
                name: "PersonId",
                table: "OfferUses");

            migrationBuilder.DropColumn(
                name: "Claimable",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "CouponDays",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "Funding",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "GivesCoupon",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "IssuedCount",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "LimitPerPerson",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "Rounding",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "Tag",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "Who",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "PrepaidMaxFen",
                table: "Communities");

            migrationBuilder.AddCheckConstraint(
                name: "CK_PaymentOrders_Amounts",
                table: "PaymentOrders",
                sql: "PayableFen >= 0 AND DiscountFen >= 0 AND DiscountFen <= PrincipalFen AND LateFeeFen >= 0 AND PayableFen = PrincipalFen - DiscountFen + LateFeeFen AND PointsPerYuan >= 0");

            migrationBuilder.AddCheckConstraint(
                name: "CK_OfferUses_Fen",
                table: "OfferUses",
                sql: "Fen > 0");

            migrationBuilder.AddCheckConstraint(
                name: "CK_Offers_Budget",
                table: "Offers",
                sql: "Value >= 0 AND MinFen >= 0 AND TakenFen >= 0 AND TakenCount >= 0 AND (BudgetFen IS NULL OR TakenFen <= BudgetFen) AND (BudgetCount IS NULL OR TakenCount <= BudgetCount)");
        }
    }
}
