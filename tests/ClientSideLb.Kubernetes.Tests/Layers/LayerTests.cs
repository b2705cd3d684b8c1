using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Kubernetes.Tests.Layers;

/// <summary>The folders of the project: each uses only those before it.</summary>
public sealed class LayerTests
{
    private static readonly LayerRules Rules = LayerRules.Read(
        new DirectoryInfo(RepositoryFiles.PathOf("src", "ClientSideLb.Kubernetes")),
        "Names",
        "Telemetry",
        "Configuration",
        "Slices",
        "Api",
        "Choice",
        "Watching",
        "Zones",
        "Discovery",
        "DependencyInjection");

    [Fact]
    public void A_layer_uses_only_the_layers_before_it() => Assert.Equal([], Rules.FindWrongUses());

    [Fact]
    public void Internal_types_are_in_the_namespace_of_their_layer_and_public_ones_are_not() => Assert.Equal([], Rules.FindMisplacedTypes());
}
