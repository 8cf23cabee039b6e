using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Tests.Architecture;

public sealed class FloorTests
{
    [Fact]
    public void No_room_uses_a_room_of_its_own_floor_or_above()
    {
        var service = new ArchLoader().LoadAssembly(typeof(OwnerPayDb).Assembly).Build();

        Assert.Empty(Violations(service.Types));
    }

    [Fact]
    public void Every_room_has_its_floor()
    {
        var service = new ArchLoader().LoadAssembly(typeof(OwnerPayDb).Assembly).Build();
        var rooms = service.Types.Select(type => Floors.RoomOf(type.Namespace?.FullName)).OfType<string>().Distinct();

        Assert.DoesNotContain(rooms, room => Floors.Of(room) is null);
    }

    [Fact]
    public void The_check_itself_finds_a_room_that_looks_up_and_one_that_looks_sideways()
    {
        var planted = new ArchLoader().LoadAssemblies(typeof(FloorTests).Assembly, typeof(OwnerPayDb).Assembly).Build().Types
            .Where(type => type.Name is nameof(Service.Roster.LooksUp) or nameof(Service.Payments.LooksSideways) or nameof(Service.Payments.LooksDown));

        Assert.Equal(["LooksSideways uses Redemption", "LooksUp uses Bill"], Violations(planted).Order());
    }

    /// <summary>Looks at the types that are used, in signatures and in method bodies, not only at namespaces.</summary>
    static List<string> Violations(IEnumerable<IType> types)
    {
        var found = new SortedSet<string>();
        foreach (var type in types)
        {
            if (Floors.RoomOf(type.Namespace?.FullName) is not { } room || Floors.Of(room) is not { } floor) continue;
            // Type parameters are not types of their own; the reader files them under whichever namespace declared the name first.
            foreach (var target in type.Dependencies.Select(dependency => dependency.Target).Where(target => target is not GenericParameter))
                if (Floors.RoomOf(target.Namespace?.FullName) is { } other && other != room && Floors.Of(other) is { } otherFloor && otherFloor >= floor)
                    found.Add($"{type.Name} uses {target.Name}");
        }
        return [.. found];
    }
}
