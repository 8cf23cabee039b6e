using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

public static class PaymentsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<PaymentPause> PaymentPauses => db.Set<PaymentPause>();
        public DbSet<MerchantAccount> MerchantAccounts => db.Set<MerchantAccount>();
        public DbSet<PaymentOrder> PaymentOrders => db.Set<PaymentOrder>();
        public DbSet<OrderLine> OrderLines => db.Set<OrderLine>();
        public DbSet<BillHold> BillHolds => db.Set<BillHold>();
        public DbSet<Payment> Payments => db.Set<Payment>();
        public DbSet<Receipt> Receipts => db.Set<Receipt>();
        public DbSet<Refund> Refunds => db.Set<Refund>();
        public DbSet<RefundLine> RefundLines => db.Set<RefundLine>();
        public DbSet<WeChatCallback> WeChatCallbacks => db.Set<WeChatCallback>();
    }
}
