namespace ClientSideLb;

/// <summary>The kinds of events of a cluster.</summary>
public enum ClusterEventKind
{
    /// <summary>Other endpoints are listed than before.</summary>
    EndpointsChanged,

    /// <summary>The weight, the priority or the zone of endpoints has changed.</summary>
    EndpointsAltered,

    /// <summary>The client uses another part of the endpoints (<see cref="LoadBalancingOptions.Subset"/>).</summary>
    SubsetChanged,

    /// <summary>An endpoint was drained by hand.</summary>
    Drained,

    /// <summary>The drain of an endpoint was ended by hand.</summary>
    Resumed,

    /// <summary>Outlier detection has ejected an endpoint.</summary>
    Ejected,

    /// <summary>An endpoint has rejected a request, and gets none until it has room again.</summary>
    SetAside,

    /// <summary>An endpoint that was ejected or set aside is back.</summary>
    Returned,

    /// <summary>The probes of an endpoint fail, or service discovery says that it is unhealthy.</summary>
    Unhealthy,

    /// <summary>An endpoint is no longer unhealthy.</summary>
    Healthy,

    /// <summary>Too few endpoints are available, so all but the drained ones are used.</summary>
    PanicBegan,

    /// <summary>Enough endpoints are available again.</summary>
    PanicEnded,

    /// <summary>The priorities or zones of the cluster serve other parts of the requests.</summary>
    LevelsChanged,

    /// <summary>A reload has changed options of the client.</summary>
    OptionsChanged,

    /// <summary>Service discovery has failed. The known endpoints stay in use. Further failures are no events of their own.</summary>
    DiscoveryFailed,

    /// <summary>Service discovery answers again.</summary>
    DiscoveryRecovered,

    /// <summary>The strategy failed to make a picker. Its last one stays in use.</summary>
    StrategyFailed,
}
