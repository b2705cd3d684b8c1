using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Dns.Tests.Layers;

/// <summary>The layers of the package: each uses only those before it.</summary>
public sealed class LayerTests
{
    private static readonly LayerRules Rules = LayerRules.Read(
        new DirectoryInfo(RepositoryFiles.PathOf("src", "ClientSideLb.Dns")),
        "Names",
        "Configuration",
        "Questions",
        "Telemetry",
        "Lookup",
        "Watching",
        "Discovery",
        "DependencyInjection");

    [Fact]
    public void A_layer_uses_only_the_layers_before_it() => AssertNone(Rules.FindWrongUses());

    [Fact]
    public void Internal_types_are_in_the_namespace_of_their_layer_and_public_ones_are_not() => AssertNone(Rules.FindMisplacedTypes());

    private static void AssertNone(IEnumerable<string> faults) => Assert.False(faults.Any(), string.Join(Environment.NewLine, faults));
}
