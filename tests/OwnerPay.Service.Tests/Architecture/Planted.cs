// Types that break the floor rule on purpose, so that the check is seen to find them; they carry the rooms' namespaces but live in the tests.
#pragma warning disable IDE0130
namespace OwnerPay.Service.Roster
{
    /// <summary>Breaks the rule: the roster knows nothing of bills.</summary>
    public static class LooksUp
    {
        public static long Amount(Billing.Bill bill) => bill.AmountFen;
    }
}

namespace OwnerPay.Service.Payments
{
    /// <summary>Breaks the rule: payments and rewards are neighbours.</summary>
    public static class LooksSideways
    {
        public static object Make() => new Rewards.Redemption();
    }

    /// <summary>Keeps the rule.</summary>
    public static class LooksDown
    {
        public static long Amount(Billing.Bill bill) => bill.AmountFen;
    }
}
