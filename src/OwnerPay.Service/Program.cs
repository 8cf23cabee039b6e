using Microsoft.Extensions.Options;
using OwnerPay.Service;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Verbs;

// OwnerPay is one process on one database: it serves, unless the first argument is a verb.
if (VerbList.Find(args) is { } verb) return await verb.Start(args[1..], default);
try
{
    var app = ServiceApp.Build(args is [VerbList.Serve, .. var rest] ? rest : args);
    using var writer = SingleWriter.Take(ServiceApp.Database(app.Services.GetRequiredService<ServiceSettings>()));
    await app.Start();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception wrong) when (wrong is InvalidDataException or OptionsValidationException or IOException)
{
    // A setting, the master key's file, the data folder or the address: the message names it and says what is wrong.
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}
