using OwnerPay.Service.Owners;
using OwnerPay.Service.Promotions;

namespace OwnerPay.Service.Payments;

/// <summary>Who is about to pay bills of a house: a member of the house, or anybody who holds a pay link.</summary>
/// <param name="PersonId">Who gets the receipt and the points: the payer himself; for a pay link the person of the house for whom it was made.</param>
/// <param name="PartyIds">Liable parties whose bills he may pay.</param>
/// <param name="PayLinkId">The link that he holds; null for a member of the house.</param>
/// <param name="Bills">The only bills that exist for him; null: all of the parties'.</param>
public sealed record BillPayer(
    Guid WeChatUserId, string OpenId, string AppId, Guid CommunityId, Guid HouseId, Guid PersonId, IReadOnlyList<Guid> PartyIds,
    Guid? PayLinkId = null, IReadOnlyCollection<Guid>? Bills = null)
{
    public static BillPayer Of(Member member) =>
        new(member.WeChatUserId, member.OpenId, member.AppId, member.CommunityId, member.HouseId, member.PersonId, member.PartyIds);

    /// <summary>For whom bills are priced.</summary>
    public PricedFor Prices => new(CommunityId, HouseId, PartyIds, PayLinkId is null ? PersonId : null);

    public bool May(IEnumerable<Guid> bills) => Bills is null || bills.All(Bills.Contains);
}
