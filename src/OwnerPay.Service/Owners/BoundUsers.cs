using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Owners;

/// <summary>A WeChat user who may act for a person.</summary>
public sealed record BoundUser(Guid PersonId, Guid WeChatUserId, string OpenId, string AppId);

/// <summary>Whom of WeChat's users a person can be reached through: active bindings only.</summary>
public sealed class BoundUsers(OwnerPayDb db)
{
    public Task<IReadOnlyList<BoundUser>> Of(Guid person, CancellationToken cancel) => Of([person], cancel);

    /// <summary>The same for a page of persons at once, in a stable order.</summary>
    public async Task<IReadOnlyList<BoundUser>> Of(IReadOnlyCollection<Guid> persons, CancellationToken cancel)
    {
        var (bindings, users) = (db.Bindings, db.WeChatUsers);
        return await (
            from binding in bindings.AsNoTracking()
            where persons.Contains(binding.PersonId) && binding.State == BindingState.Active
            join user in users.AsNoTracking() on binding.WeChatUserId equals user.Id
            orderby binding.CreatedAt, binding.Id
            select new BoundUser(binding.PersonId, user.Id, user.OpenId, user.AppId)).ToListAsync(cancel);
    }
}
