using OwnerPay.Service;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

// OwnerPay is one process on one database.
var app = ServiceApp.Build(args);
using var writer = SingleWriter.Take(ServiceApp.Database(app.Services.GetRequiredService<ServiceSettings>()));
await app.Start();
await app.WaitForShutdownAsync();
return 0;
