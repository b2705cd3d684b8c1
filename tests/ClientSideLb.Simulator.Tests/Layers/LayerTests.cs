using ClientSideLb.Simulator.Tests.Support;
using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Simulator.Tests.Layers;

public sealed class LayerTests
{
    private static readonly LayerRules Rules = LayerRules.Read(
        new DirectoryInfo(Repository.PathOf("src", "ClientSideLb.Simulator")),
        "Randomness", "Time", "Backends", "Clients", "Balancing", "Results", "Scenarios", "Files", "Engine", "NamedScenarios");

    [Fact]
    public void A_layer_uses_only_the_layers_below_it() => AssertNone(Rules.FindWrongUses());

    [Fact]
    public void Internal_types_are_in_the_namespace_of_their_layer_and_public_ones_are_not() => AssertNone(Rules.FindMisplacedTypes());

    // Unlike Assert.Empty, this shows the faults in full.
    private static void AssertNone(IEnumerable<string> faults) => Assert.False(faults.Any(), string.Join(Environment.NewLine, faults));
}
