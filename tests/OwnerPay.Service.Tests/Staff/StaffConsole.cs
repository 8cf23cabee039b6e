using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Staff;

/// <summary>A member of staff at a browser: a cookie jar, and the header that the console sends with every unsafe request.</summary>
public sealed class StaffConsole(Uri address) : IDisposable
{
    readonly HttpClient http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = address };

    public Task<Answer> SignIn(string login, string password) => Send(HttpMethod.Post, "/sign-in", new { login, password });

    /// <param name="headers">Instead of the console's own header.</param>
    public async Task<Answer> Send(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/api/staff/v1" + path);
        foreach (var (name, value) in headers.Length > 0 ? headers : [(StaffDoor.AntiForgeryHeader, "1")]) request.Headers.Add(name, value);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null, response.Headers);
    }

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    public Task<Answer> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body);

    public void Dispose() => http.Dispose();
}

/// <summary>Accounts with passwords, as an admin makes them.</summary>
public static class Colleagues
{
    public const string Password = "一个足够长的密码 2026";
    public const string NewPassword = "另一个足够长的密码 2027";

    /// <summary>The first admin of an installation of one's own, signed in with a password of his own.</summary>
    public static async Task<StaffConsole> FirstAdmin(this Installation installation)
    {
        var admin = new StaffConsole(installation.Addresses[0]);
        Assert.True(installation.FirstAdminPasswords.TryPeek(out var once));
        (await admin.SignIn(Service.Staff.FirstAdmin.Login, once)).Done();
        (await admin.Send(HttpMethod.Put, "/password", new { current = once, next = Password })).Done();
        return admin;
    }

    /// <summary>An account without any role.</summary>
    public static async Task<Guid> NewAccount(this StaffConsole admin, string login) =>
        (await admin.Post("/accounts", new { login, name = "同事" + login, password = Password })).Done()["staffId"].GetValue<Guid>();

    public static async Task<StaffConsole> SignedIn(this Installation installation, string login)
    {
        var console = new StaffConsole(installation.Addresses[0]);
        (await console.SignIn(login, Password)).Done();
        return console;
    }

    /// <summary>The first admin and the manager whom he alone may make: the two who can give out all other roles.</summary>
    public static async Task<(StaffConsole Admin, StaffConsole Manager, Guid ManagerId)> TwoGuardians(this Installation installation)
    {
        var admin = await installation.FirstAdmin();
        var id = await admin.NewAccount("manager");
        var role = (await admin.Post("/roles", new { staffId = id, role = "manager" })).Done()["roleId"].GetValue<Guid>();
        (await admin.Post($"/roles/{role}/grant")).Done();
        return (admin, await installation.SignedIn("manager"), id);
    }
}
