using System.Reflection;
using System.Runtime.CompilerServices;

namespace ClientSideLb.PublicApi.Tests;

/// <summary>These tests prove something only as long as they see no more of the library than an application does.</summary>
public sealed class PublicApiTests
{
    private static readonly Assembly Tests = typeof(PublicApiTests).Assembly;

    [Fact]
    public void The_library_does_not_show_its_internals_to_these_tests()
    {
        var friends = typeof(ClusterEndpoint).Assembly
            .GetCustomAttributes<InternalsVisibleToAttribute>()
            .Select(static attribute => new AssemblyName(attribute.AssemblyName).Name);

        Assert.DoesNotContain(Tests.GetName().Name, friends);
    }

    [Fact]
    public void These_tests_use_the_library_and_no_other_assembly_of_the_project() =>
        Assert.Equal(
            ["ClientSideLb"],
            Tests.GetReferencedAssemblies().Select(static name => name.Name).Where(static name => name!.StartsWith("ClientSideLb", StringComparison.Ordinal)));
}
