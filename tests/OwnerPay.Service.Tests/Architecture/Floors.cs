namespace OwnerPay.Service.Tests.Architecture;

/// <summary>Which room of the service stands on which floor. A room uses lower floors only, never its neighbours on its own floor.</summary>
public static class Floors
{
    public const string Root = "OwnerPay.Service";

    static readonly string[][] Table =
    [
        ["Storage"],
        ["Platform"],
        ["Staff"],
        ["Roster", "Ledger"],
        ["Owners", "Documents"],
        ["Messaging", "Points", "Inquiries"],
        ["Billing"],
        ["Promotions"],
        ["Payments", "Rewards"],
        ["Collection", "Reconciliation"],
        ["Campaigns", "Disclosure", "Reports"],
        ["Home", "Verbs"],
    ];

    /// <returns>The floor of a room, or null when the table does not know it.</returns>
    public static int? Of(string room)
    {
        for (var floor = 0; floor < Table.Length; floor++)
            if (Table[floor].Contains(room)) return floor;
        return null;
    }

    /// <returns>The room of a type's namespace: <c>Payments</c> for <c>OwnerPay.Service.Payments.WeChatPay</c>; null for the root, which puts all together.</returns>
    public static string? RoomOf(string? space) =>
        space is not null && space.StartsWith(Root + ".", StringComparison.Ordinal) ? space[(Root.Length + 1)..].Split('.')[0] : null;
}
