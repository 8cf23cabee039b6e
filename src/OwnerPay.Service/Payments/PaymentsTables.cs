using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments.PayLinks;
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
        public DbSet<PayLink> PayLinks => db.Set<PayLink>();
        public DbSet<PayLinkBill> PayLinkBills => db.Set<PayLinkBill>();
        public DbSet<FeeKindAccount> FeeKindAccounts => db.Set<FeeKindAccount>();
        public DbSet<WeChatCallback> WeChatCallbacks => db.Set<WeChatCallback>();
    }
}
