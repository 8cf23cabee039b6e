namespace OwnerPay.Service.Billing;

/// <summary>Messages that ask for the money of a bill: pointless once it came, and out of place while nobody is late with it.</summary>
public static class BillReminders
{
    /// <summary>Kind of the message that tells of a new bill.</summary>
    public const string Issued = "bill.issued";

    /// <summary>Kinds of the stages: before the due date, then the first, the second and the last demand after it.</summary>
    public const string Friendly = "bill.reminder.friendly", First = "bill.reminder.first", Second = "bill.reminder.second",
        Final = "bill.reminder.final";

    public static readonly string[] Kinds = [Issued, Friendly, First, Second, Final];
}
