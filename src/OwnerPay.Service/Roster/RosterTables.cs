using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Roster;

public static class RosterTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Community> Communities => db.Set<Community>();
        public DbSet<Building> Buildings => db.Set<Building>();
        public DbSet<House> Houses => db.Set<House>();
        public DbSet<ParkingSpace> ParkingSpaces => db.Set<ParkingSpace>();
        public DbSet<Person> Persons => db.Set<Person>();
        public DbSet<PersonPhone> PersonPhones => db.Set<PersonPhone>();
        public DbSet<Tenure> Tenures => db.Set<Tenure>();
        public DbSet<LiableParty> LiableParties => db.Set<LiableParty>();
        public DbSet<RosterImport> RosterImports => db.Set<RosterImport>();
    }
}
