using ClientSideLb.Configuration;
using ClientSideLb.Strategies;

namespace ClientSideLb;

/// <summary>
/// Options that limit a client to a part of the endpoints, so that many clients of a large service do not all keep connections to all of it. The method
/// is rendezvous hashing, as in gRPC's random subsetting (gRFC A68).
/// </summary>
public sealed class SubsetOptions
{
    // All clients of this process use the same endpoints of a service, and a reload of the options moves none.
    private static readonly string ProcessId = Guid.NewGuid().ToString();

    /// <summary>Gets or sets how many endpoints of each level the client uses. A level is a priority, or the local part of it.</summary>
    /// <value>
    /// From 1. The default value is <see langword="null"/>: all endpoints are used. The size should be 20 or more, unless each client sends few requests:
    /// the smaller the subsets are, the less even the load on the endpoints is.
    /// </value>
    /// <remarks>
    /// While an endpoint of the subset is out, the next one in the client's order takes its place, so that this number of endpoints is available. With a
    /// strategy that sends equal keys to the same endpoint, an endpoint takes the place of others only if none of them is available, because it would take
    /// over keys of all of them. A drained endpoint is replaced in both cases.
    /// </remarks>
    public int? Size { get; set; }

    /// <summary>
    /// Gets or sets the identity of this client. It decides which endpoints the client uses. Instances that run side by side should have different
    /// identities, such as the names of their pods, and keep them when they start again.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: a random identity, which all clients of this process share.</value>
    public string? ClientId { get; set; }

    /// <summary>Creates settings from these options, or <see langword="null"/> if all endpoints are used.</summary>
    internal SubsetSettings? ToSettings() =>
        Size is { } size ? new SubsetSettings(size, KeyHash.Of(ClientId ?? ProcessId)) : null;
}
