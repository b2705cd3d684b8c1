namespace ClientSideLb;

/// <summary>One cluster on the page.</summary>
/// <param name="Id">Tells it from the others on the page.</param>
/// <param name="Client">The name of the client.</param>
/// <param name="Service">The name of the service.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="InPanic">Whether all endpoints are used because too few are available.</param>
/// <param name="Available">How many endpoints are available.</param>
/// <param name="RequestsPerSecond">Attempts a second of the last 10 s.</param>
/// <param name="Endpoints">The endpoints, in the order of their addresses.</param>
internal sealed record ClusterStatus(
    string Id,
    string Client,
    string Service,
    string Strategy,
    bool InPanic,
    int Available,
    double RequestsPerSecond,
    IReadOnlyList<EndpointStatus> Endpoints);
