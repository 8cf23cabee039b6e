using System.Text.Json;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>Writes the audit log: one row in the transaction of the act itself, so that neither is there without the other.</summary>
public sealed class Audit(OwnerPayDb db, Clock clock)
{
    /// <summary>The actor of what nobody did by hand: jobs, handlers, the first start.</summary>
    public const string System = "system";

    /// <summary>Adds a row to the current context; it is saved with the act.</summary>
    /// <param name="community">Null for acts that concern the installation.</param>
    /// <param name="actor">Staff id in 32 hex digits, or <see cref="System"/>.</param>
    /// <param name="action">Stable phrase, subject first: <c>tariff.proposed</c>.</param>
    /// <param name="detail">What changed; personal data must be masked already.</param>
    public void Add(Guid? community, string actor, string action, Guid? subject, object detail) => db.Add(new AuditEntry
    {
        Id = Guid.CreateVersion7(), CommunityId = community, At = clock.Now(), Actor = actor, Action = action, SubjectId = subject,
        Detail = JsonSerializer.Serialize(detail, Json.Options),
    });

    public void Add(StaffMember by, string action, Guid? subject, object detail) =>
        Add(by.CommunityId == Guid.Empty ? null : by.CommunityId, by.Actor, action, subject, detail);
}
