using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.Counter;

/// <summary>Money at the counter and on the doorstep: shifts, payments, receipts on the spot, the cash's way into the bank.</summary>
public static class CounterEndpoints
{
    public static IServiceCollection AddCounter(this IServiceCollection services)
    {
        services.AddSingleton(new PaymentChannel(Payment.Cash, "现金", "1001")).AddSingleton(new PaymentChannel(Payment.Pos, "刷卡", "1221/pos"))
            .AddSingleton(new PaymentChannel(Payment.Transfer, "银行转账", "1221/transfer"));
        services.AddScoped<Shifts>().AddScoped<OpenShift>().AddScoped<CloseShift>().AddScoped<ConfirmShift>().AddScoped<DepositCash>();
        services.AddScoped<CounterQuotes>().AddScoped<ReceiptBooks>().AddScoped<TakePayment>().AddScoped<ShowCounterReceipt>()
            .AddScoped<PayRefund>().AddScoped<ShowCode>();
        services.AddScoped<IVerifyCheck, CheckShifts>();
        return services;
    }

    public static Doors MapCounter(this Doors doors)
    {
        Shifts.Map(doors);
        OpenShift.Map(doors);
        CloseShift.Map(doors);
        ConfirmShift.Map(doors);
        DepositCash.Map(doors);
        ReceiptBooks.Map(doors);
        CounterQuotes.Map(doors);
        TakePayment.Map(doors);
        ShowCounterReceipt.Map(doors);
        PayRefund.Map(doors);
        ShowCode.Map(doors);
        return doors;
    }
}
