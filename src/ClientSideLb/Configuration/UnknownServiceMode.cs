namespace ClientSideLb;

/// <summary>The ways to handle a request to a name that no provider of service discovery knows, or to a host that is foreign to static endpoints.</summary>
public enum UnknownServiceMode
{
    /// <summary>
    /// The request is sent to the name itself, as if the client were not balanced. The name is logged once. This is the default: most clients
    /// also call addresses outside of service discovery.
    /// </summary>
    PassThrough,

    /// <summary>
    /// The request is not sent. It fails with a <see cref="NoEndpointAvailableException"/> whose reason is <see cref="NoEndpointReason.NoneFound"/>.
    /// </summary>
    Refuse,
}
