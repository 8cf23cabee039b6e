using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Owners;

/// <summary>Owners who come at one moment are looked up together; none of them may be taken for his neighbour.</summary>
public sealed class MemberQueueTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Each_of_a_crowd_is_what_he_is_to_his_own_house_and_nothing_to_the_others(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 4);
        await using var elsewhere = await servers.Estate(database, houses: 1);
        var owners = await estate.SignInAll();
        var stranger = await elsewhere.SignIn(elsewhere.Houses[0]);
        var users = new List<Guid>();
        foreach (var person in owners.Append(stranger).Select(owner => owner.House.PersonId))
            users.Add(await estate.Installation.Db(db => db.Bindings.Where(b => b.PersonId == person).Select(b => b.WeChatUserId).SingleAsync()));
        await estate.Change(async db => (await db.Bindings.SingleAsync(b => b.WeChatUserId == users[3])).State = BindingState.Suspended);
        var queue = estate.Installation.Services.GetRequiredService<MemberQueue>();
        var houses = estate.Houses.Append(elsewhere.Houses[0]).ToList();

        var found = await Task.WhenAll(
            from user in users.Append(Guid.CreateVersion7())
            from house in houses
            select queue.Run(new(user, house.Id)));

        for (var user = 0; user <= users.Count; user++)
            for (var house = 0; house < houses.Count; house++)
            {
                var answer = found[user * houses.Count + house];
                Assert.Equal(user < users.Count, answer.IsKnown);
                if (user != house || user == 3)    // the fourth binding waits to be confirmed
                {
                    Assert.Null(answer.Member);
                    continue;
                }
                Assert.Equal((houses[house].Id, houses[house].PersonId, TenureKind.Owner), (answer.Member!.HouseId, answer.Member.PersonId, answer.Member.TenureKind));
                Assert.Equal([houses[house].PartyId], answer.Member.PartyIds);
                Assert.Equal(user < 4 ? estate.CommunityId : elsewhere.CommunityId, answer.Member.CommunityId);
            }
    }
}
