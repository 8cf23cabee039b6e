using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Documents;

public static class DocumentsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Letterhead> Letterheads => db.Set<Letterhead>();
        public DbSet<IssuedPaper> IssuedPapers => db.Set<IssuedPaper>();
    }
}
