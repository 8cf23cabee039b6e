using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Owners;

public static class OwnersTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<MiniProgram> MiniPrograms => db.Set<MiniProgram>();
        public DbSet<WeChatUser> WeChatUsers => db.Set<WeChatUser>();
        public DbSet<Binding> Bindings => db.Set<Binding>();
        public DbSet<BindingCode> BindingCodes => db.Set<BindingCode>();
    }
}
