namespace ClientSideLb.Health;

/// <summary>A probe that clusters may share if it would be the same one.</summary>
internal interface ISharableProbe : IHealthProbe
{
    /// <summary>Identifies the probe of an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="sender">
    /// The object that would send the probe. Two probes are the same only if this is the same object. It must not be kept alive.
    /// </param>
    /// <exception cref="ProbeNotSentException">The application's configuration of the client failed.</exception>
    ProbeIdentity Identify(ClusterEndpoint endpoint, out object sender);
}
