using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Payments.Counter;
using OwnerPay.Service.Payments.Entrusted;
using OwnerPay.Service.Payments.Invoices;
using OwnerPay.Service.Payments.PayLinks;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments;

/// <summary>Orders, checkout, settlement, receipts.</summary>
public static class PaymentsEndpoints
{
    public static IServiceCollection AddPayments(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddWeChatPay(options => options.BaseAddress = new Uri(settings.WeChatPayUrl));
        services.AddSingleton<MerchantKeys>();
        services.AddSingleton<IMerchantCredentialsSource>(built => built.GetRequiredService<MerchantKeys>());
        services.AddHostedService<WeChatHosts>().AddHostedService<CheckKeysAtStart>();
        services.AddScoped<JudgeKeys>();
        services.AddScoped<MerchantAccounts>().AddScoped<PausePayments>();
        services.AddScoped<OrderPrepaid>().AddScoped<StartTopUp>().AddScoped<IVerifyCheck, CheckOrderPrepaid>();
        services.AddScoped<StartCheckout>().AddScoped<PlaceOrder>().AddScoped<AskWeChat>().AddScoped<CloseOrder>();
        services.AddScoped<MakePayLink>().AddScoped<PayLinkCodes>().AddScoped<LivingPayLinks>().AddScoped<PayByLink>().AddScoped<KeepPayLinks>();
        services.AddScoped<AssignMerchantAccount>().AddScoped<IApprovable>(built => built.GetRequiredService<AssignMerchantAccount>());
        services.AddScoped<SettlePayment>().AddScoped<SettleOrders>().AddScoped<ApplyPayments>().AddScoped<ReceiveTransaction>();
        services.AddScoped<SettleTogether>().AddSingleton<SettlementQueue>();
        services.AddSingleton<PaymentChannels>().AddSingleton(new PaymentChannel(Payment.WeChat, "微信支付", "1012"))
            .AddSingleton(new PaymentChannel(Payment.Nothing, "优惠或预存全额抵扣", "1012"));
        services.AddScoped<SettleNow>().AddScoped<PointsRate>().AddScoped<PartyPeople>().AddScoped<OpenOrders>().AddCounter().AddBank().AddEntrusted();
        services.AddScoped<ShowOrder>().AddScoped<ShowReceipt>().AddScoped<PrintReceipts>();
        services.AddScoped<ListPayments>().AddScoped<ListReceipts>().AddScoped<RecomputeOrder>();
        services.AddScoped<ExplainOrder>().AddScoped<ExplainRefunds>().AddScoped<ExplainJournals>();
        services.AddScoped<IHoldsBills, PaymentsHoldBills>();
        services.AddScoped<RefundableParts>().AddScoped<RequestRefund>().AddScoped<HeldPrepaid>().AddScoped<IApprovable, ApproveRefund>().AddScoped<BookRefund>();
        services.AddScoped<SendRefund>().AddScoped<SettleRefund>().AddScoped<ReceiveRefund>().AddScoped<ShowRefunds>().AddScoped<StoredCallbacks>();
        services.AddScoped<IMessageKind, ReceiptMessage>().AddScoped<IMessageKind, RefundMessage>();
        services.AddOutboxHandler<ProveUnknownOrder>(ProveUnknownOrder.News, "prove-unknown-order");
        services.AddScoped<IWorkGauge, OpenOrdersGauge>().AddScoped<IWorkGauge, ReceiptsGauge>();
        services.AddJob<ChaseOpenOrders>("chase-open-orders", TimeSpan.FromSeconds(1));
        services.AddJob<SendRefunds>("send-refunds", TimeSpan.FromSeconds(2));
        services.AddJob<ChaseRefunds>("chase-refunds", TimeSpan.FromSeconds(5));
        services.AddHttpClient(CheckNotifyUrls.ClientName, client => client.Timeout = TimeSpan.FromSeconds(10))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false }).RemoveAllLoggers();
        services.AddJob<CheckNotifyUrls>("check-notify-urls", TimeSpan.FromMinutes(5));
        services.AddJob<NumberReceipts>("number-receipts", TimeSpan.FromSeconds(2));
        services.AddScoped<IVerifyCheck, CheckOrders>().AddScoped<IVerifyCheck, CheckPayments>().AddScoped<IVerifyCheck, CheckReceipts>()
            .AddScoped<IVerifyCheck, CheckRefunds>();
        services.AddInvoices();
        services.AddScoped<StatementCode>(built => built.GetRequiredService<PayLinkCodes>().OnStatement);
        return services;
    }

    public static Doors MapPayments(this Doors doors)
    {
        MerchantAccounts.Map(doors);
        PausePayments.Map(doors);
        AssignMerchantAccount.Map(doors);
        StartCheckout.Map(doors);
        StartTopUp.Map(doors);
        PointsRate.Map(doors);
        PayByLink.Map(doors);
        KeepPayLinks.Map(doors);
        ShowOrder.Map(doors);
        ShowReceipt.Map(doors);
        PrintReceipts.Map(doors);
        doors.MapInvoices();
        ListPayments.Map(doors);
        ListReceipts.Map(doors);
        ExportPayments.Map(doors);
        ExplainOrder.Map(doors);
        RequestRefund.Map(doors);
        ShowRefunds.Map(doors);
        RecomputeOrder.Map(doors);
        doors.MapCounter().MapBank().MapEntrusted();
        ReceiveTransaction.Map(doors);
        ReceiveRefund.Map(doors);
        return doors;
    }
}
