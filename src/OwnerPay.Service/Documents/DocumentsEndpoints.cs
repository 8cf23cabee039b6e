using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Documents;

/// <summary>What all printed documents share: the head they carry, and the text that is kept of each one that went out as PDF.</summary>
public static class DocumentsEndpoints
{
    public static IServiceCollection AddDocuments(this IServiceCollection services) => services
        .AddScoped<Letterheads>().AddScoped<IApprovable, ApproveLetterhead>()
        .AddScoped<IssuePdf>();

    public static Doors MapDocuments(this Doors doors)
    {
        Letterheads.Map(doors);
        ShowIssuedPaper.Map(doors);
        return doors;
    }
}
