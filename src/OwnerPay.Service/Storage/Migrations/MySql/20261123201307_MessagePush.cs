using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OwnerPay.Service.Storage.Migrations.MySql
{
    /// <inheritdoc />
    public partial class MessagePush : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "PushAesKeyWrapped",
                table: "MiniPrograms",
                type: "varbinary(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "PushTokenWrapped",
                table: "MiniPrograms",
                type: "varbinary(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Pushed",
                table: "MessageGrants",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Reported",
                table: "MessageGrants",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "DeliveredAt",
                table: "Deliveries",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "SubscriptionEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "binary(16)", nullable: false),
                    WeChatUserId = table.Column<Guid>(type: "binary(16)", nullable: false),
                    WeChatTemplateId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    Kind = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    WeChatMessageId = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_bin"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Failure = table.Column<string>(type: "varchar(100)", maxLength: 100, nullable: true, collation: "utf8mb4_bin"),
                    State = table.Column<string>(type: "varchar(24)", maxLength: 24, nullable: false, collation: "utf8mb4_bin"),
                    ReceivedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SubscriptionEvents", x => x.Id);
                })
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_WeChatUserId_WeChatMessageId",
                table: "Deliveries",
                columns: new[] { "WeChatUserId", "WeChatMessageId" });

            migrationBuilder.CreateIndex(
                name: "IX_SubscriptionEvents_State_ReceivedAt",
                table: "SubscriptionEvents",
                columns: new[] { "State", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_SubscriptionEvents_WeChatUserId_WeChatTemplateId_Kind_At_WeC~",
                table: "SubscriptionEvents",
                columns: new[] { "WeChatUserId", "WeChatTemplateId", "Kind", "At", "WeChatMessageId" },
                unique: true);

            // What was counted so far was reported by the mini-program: WeChat's push did not exist yet.
            migrationBuilder.Sql("""
                UPDATE MessageGrants SET Reported = (SELECT COUNT(*) FROM GrantEntries WHERE GrantEntries.WeChatUserId = MessageGrants.WeChatUserId
                    AND GrantEntries.WeChatTemplateId = MessageGrants.WeChatTemplateId AND GrantEntries.Reason = 'Accepted')
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "SubscriptionEvents");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_WeChatUserId_WeChatMessageId",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "PushAesKeyWrapped",
                table: "MiniPrograms");

            migrationBuilder.DropColumn(
                name: "PushTokenWrapped",
                table: "MiniPrograms");

            migrationBuilder.DropColumn(
                name: "Pushed",
                table: "MessageGrants");

            migrationBuilder.DropColumn(
                name: "Reported",
                table: "MessageGrants");

            migrationBuilder.DropColumn(
                name: "DeliveredAt",
                table: "Deliveries");

        }
    }
}
