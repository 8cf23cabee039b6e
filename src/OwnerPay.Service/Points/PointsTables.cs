using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

public static class PointsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<PointsLot> PointsLots => db.Set<PointsLot>();
        public DbSet<PointsEntry> PointsEntries => db.Set<PointsEntry>();
        public DbSet<PointsTerms> PointsTerms => db.Set<PointsTerms>();
        public DbSet<PointsGrant> PointsGrants => db.Set<PointsGrant>();
    }
}
