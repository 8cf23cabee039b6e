using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.Invoices;

/// <summary>E-invoices: asked for by owners, made in the tax system, their results taken back.</summary>
public static class InvoicesEndpoints
{
    public static IServiceCollection AddInvoices(this IServiceCollection services) => services
        .AddScoped<InvoiceableLines>().AddScoped<RequestInvoice>().AddScoped<ShowInvoices>().AddScoped<ExportInvoices>().AddScoped<ImportInvoices>()
        .AddJob<WatchInvoices>("watch-invoices", TimeSpan.FromMinutes(1))
        .AddScoped<IVerifyCheck, CheckInvoices>();

    public static void MapInvoices(this Doors doors)
    {
        RequestInvoice.Map(doors);
        ShowInvoices.Map(doors);
        ExportInvoices.Map(doors);
        ImportInvoices.Map(doors);
    }
}
