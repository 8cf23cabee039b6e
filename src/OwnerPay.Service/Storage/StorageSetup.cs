using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OwnerPay.Service.Storage;

public static class StorageSetup
{
    /// <summary>Registers the database; interceptors that slices registered (row seals) are taken along.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, DatabaseChoice database)
    {
        services.AddSingleton(database);
        if (database.IsMariaDb)
            services.AddDbContextPool<OwnerPayDb, MySqlContext>((built, options) => database.Configure(options, built.GetServices<IInterceptor>()));
        else
            services.AddDbContextPool<OwnerPayDb, SqliteContext>((built, options) => database.Configure(options, built.GetServices<IInterceptor>()));
        return services;
    }

    /// <summary>Brings the schema up to date. Two instances started together are serialised by the migration lock of the database.</summary>
    public static Task Migrate(this OwnerPayDb db, CancellationToken cancel) => db.Database.MigrateAsync(cancel);
}
