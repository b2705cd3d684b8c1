using System.Globalization;
using ClientSideLb.Clusters;
using ClientSideLb.Endpoints;
using ClientSideLb.Shared;

namespace ClientSideLb.Requests;

/// <summary>Explains why a cluster has no endpoint for a request, and what to do.</summary>
internal static class NoEndpointMessage
{
    private const int MaxListed = 5;

    /// <summary>Creates the exception for a request that found no endpoint.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="snapshot">The state of the cluster in which the request found no endpoint.</param>
    /// <param name="httpsOnly">Whether the request's address allows https only.</param>
    /// <param name="discoveryFailure">The failure of service discovery, if its latest query failed.</param>
    /// <param name="unknown">The name of the service, if no provider knows it.</param>
    internal static NoEndpointAvailableException CreateException(
        HttpRequestMessage request, Cluster cluster, ClusterSnapshot snapshot, bool httpsOnly, Exception? discoveryFailure, UnknownName? unknown = null)
    {
        var (reason, explanation) = Explain(cluster, snapshot, httpsOnly, discoveryFailure, unknown);
        return Create(request, cluster, reason, $"Client '{cluster.ShortClientName}' has no endpoint for service '{cluster.ServiceName}': {explanation}", discoveryFailure);
    }

    /// <summary>Creates the exception for a request for which every endpoint is full.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="httpsOnly">Whether the request must not be sent over plain http.</param>
    /// <param name="wait">How the request waited, or <see langword="null"/> if requests do not wait.</param>
    internal static NoEndpointAvailableException CreateSaturated(HttpRequestMessage request, Cluster cluster, bool httpsOnly, WaitResult? wait)
    {
        var settings = cluster.Settings.Concurrency;
        var outcome = wait switch
        {
            null => "Requests do not wait for room, because Concurrency.QueueLimit is 0",
            { End: WaitEnd.QueueFull } => string.Create(
                CultureInfo.InvariantCulture, $"{wait.Value.Others} requests wait for room already, and Concurrency.QueueLimit is {settings.QueueLimit}"),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"The request waited {DurationText.Of(wait.Value.Waited)} for room, and Concurrency.QueueTimeout is {DurationText.Of(settings.QueueTimeout)}. {wait.Value.Others} more wait"),
        };
        return Create(
            request,
            cluster,
            NoEndpointReason.Saturated,
            $"Client '{cluster.ShortClientName}' has no endpoint with room for service '{cluster.ServiceName}': as many requests are in flight as the limits permit, at {ListLimits(cluster.Snapshot.GetView(httpsOnly).Set.AllArray)}. {outcome}. Send fewer requests, add endpoints, or raise Concurrency.MaxInFlightPerEndpoint if the backends can take more.");
    }

    /// <summary>Reports a request of a client with static endpoints to a host that is none of them, and creates its exception.</summary>
    internal static NoEndpointAvailableException RefuseForeign(Route route, Cluster cluster, string host)
    {
        RequestTelemetry.ReportNoEndpoint(route, cluster, attempts: 0);
        return CreateForeignException(cluster, host);
    }

    private static NoEndpointAvailableException Create(
        HttpRequestMessage request, Cluster cluster, NoEndpointReason reason, string message, Exception? cause = null) =>
        new(message, cluster.ClientName, cluster.ServiceName, reason, GrpcFailure.GetCause(request, message, cause));

    private static NoEndpointAvailableException CreateForeignException(Cluster cluster, string host) => new(
        $"Client '{cluster.ShortClientName}' refuses the request to '{host}': the host is neither the name of service '{cluster.ServiceName}' nor one of its static endpoints. Send it with another client, or set {nameof(LoadBalancingOptions.UnknownServices)} to {UnknownServiceMode.PassThrough}.",
        cluster.ClientName,
        host,
        NoEndpointReason.NoneFound);

    private static (NoEndpointReason Reason, string Explanation) Explain(
        Cluster cluster, ClusterSnapshot snapshot, bool httpsOnly, Exception? discoveryFailure, UnknownName? unknown)
    {
        var members = snapshot.Members;
        var usable = snapshot.GetView(httpsOnly).Set;
        return (members, usable) switch
        {
            ({ Length: 0 }, _) when discoveryFailure is not null => (
                NoEndpointReason.DiscoveryFailed,
                $"service discovery failed ({discoveryFailure.Message}). It is queried again with growing delays."),
            ({ Length: 0 }, _) when unknown is not null => (
                NoEndpointReason.NoneFound,
                $"no provider of service discovery knows the name, and {nameof(LoadBalancingOptions.UnknownServices)} is {UnknownServiceMode.Refuse}. {unknown.Known} Correct the name in the request's address, list the service in the configuration, add a provider that knows it, or set {nameof(LoadBalancingOptions.UnknownServices)} to {UnknownServiceMode.PassThrough}."),
            ({ Length: 0 }, _) => (
                NoEndpointReason.NoneFound,
                $"service discovery found none{(httpsOnly ? " that is https" : "")}. Check the name of the service in the request's address and in the configuration of service discovery."),
            (_, { AllArray.Length: 0 }) => (
                NoEndpointReason.NoneFound,
                $"the request's address allows https only, and none of {ListAddresses(members)} is https. Give the endpoints https addresses, or write 'https+http://' in the request's address."),
            (_, { AvailableArray.Length: 0 }) => (
                NoEndpointReason.AllDraining,
                $"all of {ListAddresses(usable.AllArray)} are draining. Resume one with ICluster.TryResume, raise its weight above 0, or end the drain where service discovery learns of it."),
            _ => (
                NoEndpointReason.NonePicked,
                $"the strategy '{cluster.Strategy}' picked none of {ListAddresses(usable.AvailableArray)}."),
        };
    }

    private static string ListAddresses(ClusterEndpoint[] endpoints) => EndpointList.Describe(endpoints, static endpoint => endpoint.Location.Key, most: MaxListed);

    private static string ListLimits(ClusterEndpoint[] endpoints) => EndpointList.Describe(
        endpoints,
        static endpoint => string.Create(CultureInfo.InvariantCulture, $"{endpoint.Location.Key} ({endpoint.InFlight} of {endpoint.Limit})"),
        most: MaxListed);
}
