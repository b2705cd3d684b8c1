namespace ClientSideLb.Strategies;

/// <summary>The picker of a set in which no endpoint is available.</summary>
internal sealed class NoEndpointPicker : EndpointPicker
{
    internal static readonly NoEndpointPicker Instance = new();

    public override ClusterEndpoint? Pick(in PickContext context) => null;
}
