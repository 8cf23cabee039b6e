using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Messaging;

/// <summary>A campaign whose messages stand still (暂停): as long as the row is there, none of them is taken up. A message that was already taken
/// goes its way to the end.</summary>
public sealed class MessageHold : IEntityTypeConfiguration<MessageHold>
{
    public Guid CampaignId { get; init; }
    public Guid CommunityId { get; init; }
    public DateTimeOffset Since { get; init; }

    public void Configure(EntityTypeBuilder<MessageHold> table)
    {
        table.ToTable("MessageHolds");
        table.HasKey(h => h.CampaignId);
    }
}
