using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Owners;

/// <summary>A phone of a person changed in the roster: bindings made with a number that is no longer the person's wait until they are
/// confirmed.</summary>
/// <remarks>Numbers are sold on and belong to strangers after a while. Bindings by staff code stand, and so does one whose number stayed.</remarks>
public sealed class SuspendBindings(OwnerPayDb db, PhoneMarks marks) : IOutboxHandler
{
    public const string News = "person.phone-changed";

    public async Task Handle(OutboxRow row, CancellationToken cancel)
    {
        var (bindings, phones) = (db.Bindings, db.PersonPhones);
        var numbers = await phones.AsNoTracking().Where(p => p.PersonId == row.SubjectId).Select(p => p.Number).ToListAsync(cancel);
        var known = numbers.Select(number => Convert.ToHexString(marks.Of(number))).ToHashSet();
        var active = await bindings.Where(b => b.PersonId == row.SubjectId && b.State == BindingState.Active && b.Proof == BindingProof.VerifiedPhone)
            .ToListAsync(cancel);
        foreach (var binding in active)
            if (binding.PhoneMark is null || !known.Contains(Convert.ToHexString(binding.PhoneMark))) binding.State = BindingState.Suspended;
        await db.SaveChangesAsync(cancel);
    }
}
