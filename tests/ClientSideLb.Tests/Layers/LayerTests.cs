using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Tests.Layers;

/// <summary>The layers of docs/architecture.md: each uses only those before it.</summary>
public sealed class LayerTests
{
    private static readonly LayerRules Rules = LayerRules.Read(
        new DirectoryInfo(Repository.PathOf("src", "ClientSideLb")),
        "Endpoints",
        "Strategies",
        "Configuration",
        "Clusters",
        "Telemetry",
        "Requests",
        "Health",
        "Failover",
        "Discovery",
        "Clients",
        "DependencyInjection");

    [Fact]
    public void A_layer_uses_only_the_layers_before_it() => AssertNone(Rules.FindWrongUses());

    [Fact]
    public void Internal_types_are_in_the_namespace_of_their_layer_and_public_ones_are_not() => AssertNone(Rules.FindMisplacedTypes());

    // Unlike Assert.Empty, this shows the faults in full.
    private static void AssertNone(IEnumerable<string> faults) => Assert.False(faults.Any(), string.Join(Environment.NewLine, faults));
}
