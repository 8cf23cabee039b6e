namespace OwnerPay.Service.Billing;

/// <summary>Messages that ask for the money of a bill: pointless once it came, and out of place while nobody is late with it.</summary>
public static class BillReminders
{
    /// <summary>Kind of the message that tells of a new bill.</summary>
    public const string Issued = "bill.issued";

    public static readonly string[] Kinds = [Issued];
}
