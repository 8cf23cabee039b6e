using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace OwnerPay.Benchmarks;

/// <summary>An instance inside this program, for preparing and checking; what is measured runs as a process of its own.</summary>
static class Quietly
{
    public static void Adjust(WebApplicationBuilder builder) => builder.Logging.SetMinimumLevel(LogLevel.Warning);
}
