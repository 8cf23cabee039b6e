using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>Money by bank: accounts, statements, what was matched and what waits for somebody.</summary>
public static class BankEndpoints
{
    public static IServiceCollection AddBank(this IServiceCollection services)
    {
        services.AddSingleton(new PaymentChannel(Payment.Bank, "银行转账", Accounts.Suspense));
        services.AddScoped<KeepBankAccounts>().AddScoped<BankPayers>().AddScoped<ExpectedMoney>().AddScoped<ImportStatement>();
        services.AddScoped<SettleForParty>().AddScoped<SettleBankRow>().AddScoped<ClaimBankRow>().AddScoped<ShowBank>();
        services.AddScoped<ReturnBankRow>().AddScoped<IApprovable>(built => built.GetRequiredService<ReturnBankRow>());
        services.AddJob<SettleBankRows>("settle-bank-rows", TimeSpan.FromMinutes(1));
        services.AddScoped<IVerifyCheck, CheckBank>();
        return services;
    }

    public static Doors MapBank(this Doors doors)
    {
        KeepBankAccounts.Map(doors);
        ShowBank.Map(doors);
        ClaimBankRow.Map(doors);
        ReturnBankRow.Map(doors);
        return doors;
    }
}
