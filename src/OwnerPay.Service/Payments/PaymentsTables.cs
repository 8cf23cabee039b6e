using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Payments.Counter;
using OwnerPay.Service.Payments.Entrusted;
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
        public DbSet<CashShift> CashShifts => db.Set<CashShift>();
        public DbSet<CashDeposit> CashDeposits => db.Set<CashDeposit>();
        public DbSet<CounterPayment> CounterPayments => db.Set<CounterPayment>();
        public DbSet<ReceiptBook> ReceiptBooks => db.Set<ReceiptBook>();
        public DbSet<BankAccount> BankAccounts => db.Set<BankAccount>();
        public DbSet<BankRow> BankRows => db.Set<BankRow>();
        public DbSet<BankImport> BankImports => db.Set<BankImport>();
        public DbSet<Mandate> Mandates => db.Set<Mandate>();
        public DbSet<CollectionBatch> CollectionBatches => db.Set<CollectionBatch>();
        public DbSet<CollectionItem> CollectionItems => db.Set<CollectionItem>();
        public DbSet<PartyTransferCode> TransferCodes => db.Set<PartyTransferCode>();
        public DbSet<PayLink> PayLinks => db.Set<PayLink>();
        public DbSet<PayLinkBill> PayLinkBills => db.Set<PayLinkBill>();
        public DbSet<FeeKindAccount> FeeKindAccounts => db.Set<FeeKindAccount>();
        public DbSet<WeChatCallback> WeChatCallbacks => db.Set<WeChatCallback>();
    }
}
