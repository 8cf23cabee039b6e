using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>Where the one-time password of the first admin goes: standard output, unless somebody else starts the service and listens.</summary>
public delegate void AnnounceFirstAdmin(string login, string password);

/// <summary>The first start of an installation makes one admin with a one-time password and shows it once.</summary>
public sealed class FirstAdmin(OwnerPayDb db, IPasswordHasher<StaffAccount> hasher, Audit audit, AnnounceFirstAdmin announce)
{
    public const string Login = "admin";

    /// <summary>Does nothing when an account exists. Of two instances that start together one makes it: the unique key of the login decides.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var accounts = db.StaffAccounts;
        if (await accounts.AnyAsync(cancel)) return;
        var password = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679", 16);    // nothing that is misread
        var now = TimeProvider.System.GetUtcNow();
        var admin = new StaffAccount { Id = Guid.CreateVersion7(), Login = Login, Name = "系统管理员", MustChangePassword = true, CreatedAt = now };
        admin.PasswordHash = hasher.HashPassword(admin, password);
        db.Add(admin);
        db.Add(new RoleGrant { Id = Guid.CreateVersion7(), StaffId = admin.Id, Role = StaffRole.Admin, State = RoleGrantState.Granted, ProposedBy = admin.Id, CreatedAt = now });
        audit.Add(null, Audit.System, "account.created", admin.Id, new { Login, First = true });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "StaffAccounts", "Login")) { return; }
        announce(Login, password);
    }

    public static void Print(string login, string password) =>
        Console.Out.WriteLine($"首次启动：已创建管理员账号 {login}，一次性密码 {password}（只显示这一次，请登录后立即修改）");
}
