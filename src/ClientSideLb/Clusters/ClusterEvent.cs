using ClientSideLb.Clusters;

namespace ClientSideLb;

/// <summary>Something that has happened to a cluster. Immutable.</summary>
public sealed class ClusterEvent
{
    internal ClusterEvent(long number, DateTimeOffset time, ClusterEventSource source, ClusterEventKind kind, string description, string reason)
    {
        Number = number;
        Time = time;
        ClientName = source.ClientName;
        ShortClientName = source.ShortClientName;
        ServiceName = source.ServiceName;
        Kind = kind;
        Description = description;
        Reason = reason;
    }

    /// <summary>Gets the number of the event. The first one of a container has 1, and each one after it the next.</summary>
    public long Number { get; }

    /// <summary>Gets the time of the event.</summary>
    public DateTimeOffset Time { get; }

    /// <inheritdoc cref="ICluster.ClientName"/>
    public string ClientName { get; }

    /// <inheritdoc cref="ICluster.ShortClientName"/>
    public string ShortClientName { get; }

    /// <summary>Gets the name of the service, or an empty text if the event concerns all services of the client.</summary>
    public string ServiceName { get; }

    /// <summary>Gets the kind of the event.</summary>
    public ClusterEventKind Kind { get; }

    /// <summary>Gets what has happened, as a text for people, such as "http://10.0.0.1:8080 ejected for 10 s". The text may change between versions.</summary>
    public string Description { get; }

    /// <summary>
    /// Gets why it has happened, as a text for people, such as "5 requests in a row failed". It contains no text of an exception or a backend. The text may
    /// change between versions.
    /// </summary>
    public string Reason { get; }
}
