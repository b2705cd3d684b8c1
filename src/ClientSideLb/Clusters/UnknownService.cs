namespace ClientSideLb;

/// <summary>
/// A name that a client has sent requests to and that no provider of service discovery knows. It may be misspelt, or it is an address outside of
/// service discovery. Immutable.
/// </summary>
public sealed class UnknownService
{
    internal UnknownService(string clientName, string shortClientName, string serviceName, bool isRefused)
    {
        ClientName = clientName;
        ShortClientName = shortClientName;
        ServiceName = serviceName;
        IsRefused = isRefused;
    }

    /// <summary>Gets the name of the client.</summary>
    public string ClientName { get; }

    /// <inheritdoc cref="ICluster.ShortClientName"/>
    public string ShortClientName { get; }

    /// <summary>Gets the name: the host in the address of the requests.</summary>
    public string ServiceName { get; }

    /// <summary>
    /// Gets a value indicating whether the requests are refused (<see cref="UnknownServiceMode.Refuse"/>). Otherwise they pass through unbalanced.
    /// </summary>
    public bool IsRefused { get; }
}
