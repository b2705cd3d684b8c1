namespace ClientSideLb.AspNetCore.Status;

/// <summary>The status of one cluster.</summary>
/// <param name="Id">Identifies the cluster among those on the page.</param>
/// <param name="Client">The name of the client. A change names the cluster by it.</param>
/// <param name="ClientLabel">The name of the client as people read it.</param>
/// <param name="Service">The name of the service.</param>
/// <param name="Strategy">The name of the strategy.</param>
/// <param name="InPanic">Whether all endpoints but the drained are used because too few are available.</param>
/// <param name="Available">The number of available endpoints.</param>
/// <param name="Used">The number of endpoints that the client uses.</param>
/// <param name="Listed">The number of listed endpoints. It is greater if the client has a subset of them.</param>
/// <param name="Queued">The number of requests that wait for an endpoint that has room.</param>
/// <param name="RequestsPerSecond">Attempts per second in the last 10 s.</param>
/// <param name="Levels">The levels in the order in which they are used; none if there is only one.</param>
/// <param name="Endpoints">The endpoints, in the order of their levels and addresses. Endpoints of no level come last.</param>
internal sealed record ClusterStatus(
    string Id,
    string Client,
    string ClientLabel,
    string Service,
    string Strategy,
    bool InPanic,
    int Available,
    int Used,
    int Listed,
    int Queued,
    double RequestsPerSecond,
    IReadOnlyList<LevelStatus> Levels,
    IReadOnlyList<EndpointStatus> Endpoints);
