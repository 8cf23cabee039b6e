using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure;

public static class DisclosureTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Notice> Notices => db.Set<Notice>();
        public DbSet<NoticeText> NoticeTexts => db.Set<NoticeText>();
        public DbSet<NoticeRead> NoticeReads => db.Set<NoticeRead>();
        public DbSet<NoticeFile> NoticeFiles => db.Set<NoticeFile>();
        public DbSet<NoticeFilePart> NoticeFileParts => db.Set<NoticeFilePart>();
    }
}
