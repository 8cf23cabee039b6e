using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

public sealed class MerchantKeysTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Keys_that_cannot_work_are_refused_with_one_line_that_names_merchant_setting_and_reason(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var merchant = estate.Installation.Emulator.Merchant;
        Task<Answer> Save(string serial, string key) => estate.Admin.Put(estate.Path + "/merchant-accounts", new
        {
            mchid = merchant.Mchid, appid = merchant.Appid, merchantCertificateSerial = serial, merchantPrivateKeyPem = key, apiV3Key = merchant.ApiV3Key,
            publicKeyId = merchant.PublicKeyId, publicKeyPem = merchant.PublicKeyPem,
        });

        // Known to WeChat alone: the serial is one, but not this key's.
        var serial = await Save(new string('A', 40), merchant.MerchantPrivateKeyPem);
        var key = await Save(merchant.MerchantCertificateSerial, merchant.PlatformCertificatePem);

        Assert.Equal((400, "merchant_key_unreadable", "merchantCertificateSerial"), (serial.Status, serial.Code, serial["field"].GetValue<string>()));
        Assert.StartsWith($"merchant {merchant.Mchid}: certificate serial does not match the private key", serial["detail"].GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("merchantPrivateKeyPem", key["field"].GetValue<string>());
        Assert.StartsWith($"merchant {merchant.Mchid}: the private key's PEM is a certificate", key["detail"].GetValue<string>(), StringComparison.Ordinal);
        (await Save(merchant.MerchantCertificateSerial, merchant.MerchantPrivateKeyPem)).Done();
    }

    [Theory, EachDatabase]
    public async Task A_merchant_whose_stored_keys_cannot_work_is_paused_at_the_start_and_the_others_are_served(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var wrong = await Estate.Create(installation, 1);
        await using var good = await Estate.Create(installation, 1);
        await installation.Db(async db =>
        {
            (await db.MerchantAccounts.SingleAsync(m => m.CommunityId == wrong.CommunityId)).CertificateSerial = new string('A', 40);
            return await db.SaveChangesAsync();
        });

        await installation.AddInstance();    // its start is where the keys are looked at
        await Estate.Eventually(() => installation.Db(db => db.MerchantAccounts.AnyAsync(m => m.CommunityId == wrong.CommunityId && m.Paused)), "the merchant is paused");

        var item = await installation.Db(db => db.WorkItems.SingleAsync(i => i.CommunityId == wrong.CommunityId && i.Kind == CheckKeysAtStart.Trouble));
        Assert.Equal(StaffRole.Admin, item.Role);
        Assert.Contains("certificate serial does not match the private key", item.Detail, StringComparison.Ordinal);
        await good.BillAll();
        await (await good.SignIn(good.Houses[0])).PayAll();

        var merchant = installation.Emulator.Merchant;
        (await wrong.Admin.Put(wrong.Path + "/merchant-accounts", new
        {
            mchid = merchant.Mchid, appid = merchant.Appid, merchantCertificateSerial = merchant.MerchantCertificateSerial,
            merchantPrivateKeyPem = merchant.MerchantPrivateKeyPem, apiV3Key = merchant.ApiV3Key, publicKeyId = merchant.PublicKeyId, publicKeyPem = merchant.PublicKeyPem,
        })).Done();
        Assert.False(await installation.Db(db => db.MerchantAccounts.AnyAsync(m => m.CommunityId == wrong.CommunityId && m.Paused)));
        Assert.Empty(await wrong.Verify());
        Assert.Empty(await good.Verify());
    }
}
