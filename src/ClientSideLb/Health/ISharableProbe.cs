namespace ClientSideLb.Health;

/// <summary>A probe that clusters may share if it would be the same one.</summary>
internal interface ISharableProbe : IHealthProbe
{
    /// <summary>Tells what the probe of an endpoint would be.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="sender">
    /// What the probe would be sent by. Two probes are the same only if this is the same object. It must not be kept alive.
    /// </param>
    /// <exception cref="ProbeNotSentException">The application's configuration of the client failed.</exception>
    ProbeIdentity Identify(ClusterEndpoint endpoint, out object sender);
}
