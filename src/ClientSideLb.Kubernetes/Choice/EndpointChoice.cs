using ClientSideLb.Kubernetes.Slices;

namespace ClientSideLb.Kubernetes.Choice;

/// <summary>Chooses, among the endpoints of all slices of a service, those that requests may go to.</summary>
/// <remarks>
/// The rules are those of kube-proxy, with two additions: endpoints that terminate are still known while they drain, and hints set an order
/// instead of a limit, so that the traffic of a zone can leave it when its endpoints are too few.
/// </remarks>
internal sealed class EndpointChoice
{
    private EndpointChoice(IReadOnlyList<DiscoveredEndpoint> endpoints, int slicesWithoutPort, string? missingPort)
    {
        Endpoints = endpoints;
        SlicesWithoutPort = slicesWithoutPort;
        MissingPort = missingPort;
    }

    private enum Use
    {
        /// <summary>It takes no requests.</summary>
        None,

        /// <summary>It ends, and still answers.</summary>
        Draining,

        /// <summary>It takes requests.</summary>
        Ready,
    }

    /// <summary>Gets the endpoints.</summary>
    internal IReadOnlyList<DiscoveredEndpoint> Endpoints { get; }

    /// <summary>Gets how many slices with endpoints have no port that was asked for.</summary>
    internal int SlicesWithoutPort { get; }

    /// <summary>Gets the reason why these slices have no such port, or <see langword="null"/> if all have one.</summary>
    internal string? MissingPort { get; }

    internal static EndpointChoice Of(IReadOnlyCollection<Slice> slices, PortQuery query, ClientPlace place, bool preferIPv6)
    {
        var found = new Dictionary<(string Address, int? Port), Candidate>();
        var without = new List<Slice>();
        foreach (var slice in slices)
        {
            if (slice.Endpoints.IsEmpty)
            {
                continue;
            }

            if (PortChoice.Choose(slice.Ports, query) is { } port)
            {
                Add(found, slice, port);
            }
            else
            {
                without.Add(slice);
            }
        }

        var candidates = KeepOneFamily(found.Values, preferIPv6 ? AddressKind.IPv6 : AddressKind.IPv4);
        var missing = without.Count == 0 ? null : PortChoice.DescribeMissing(without.SelectMany(static slice => slice.Ports), query);
        return new EndpointChoice([.. Describe(candidates, place)], without.Count, missing);
    }

    // While the control plane moves an endpoint from one slice to another, it may stand in both. The better state is then the newer one:
    // endpoints are only moved while they live.
    private static void Add(Dictionary<(string Address, int? Port), Candidate> found, Slice slice, PortChoice port)
    {
        foreach (var endpoint in slice.Endpoints)
        {
            var candidate = new Candidate(endpoint, slice.Kind, port, GetUse(endpoint));
            var key = (endpoint.Address, port.Number);
            if (!found.TryGetValue(key, out var known) || known.Use < candidate.Use)
            {
                found[key] = candidate;
            }
        }
    }

    // A service that publishes addresses that are not ready has all of them "ready". Even so, endpoints that terminate drain.
    private static Use GetUse(SliceEndpoint endpoint) => endpoint switch
    {
        { IsTerminating: true, IsServing: true } => Use.Draining,
        { IsTerminating: true } => Use.None,
        { IsReady: true } => Use.Ready,
        _ => Use.None,
    };

    // A pod of a dual-stack service stands in slices of both families, and must not count twice.
    private static List<Candidate> KeepOneFamily(IReadOnlyCollection<Candidate> candidates, AddressKind preferred)
    {
        var reached = candidates
            .Where(candidate => candidate.Kind == preferred && candidate.Endpoint.Target is not null && candidate.Use != Use.None)
            .Select(static candidate => candidate.Endpoint.Target)
            .ToHashSet();
        return [.. candidates.Where(candidate => candidate.Kind == preferred || candidate.Endpoint.Target is not { } target || !reached.Contains(target))];
    }

    private static IEnumerable<DiscoveredEndpoint> Describe(List<Candidate> candidates, ClientPlace place)
    {
        var ready = candidates.FindAll(static candidate => candidate.Use == Use.Ready);
        var draining = candidates.FindAll(static candidate => candidate.Use == Use.Draining);
        if (ready.Count == 0)
        {
            // An endpoint that ends is better than none.
            (ready, draining) = (draining, []);
        }

        return Order(ready, place).Concat(draining.Select(static candidate => candidate.Describe() with { IsDraining = true }));
    }

    // Hints count if each endpoint has them and one of them means this client. Hints for nodes go before those for zones.
    private static IEnumerable<DiscoveredEndpoint> Order(List<Candidate> ready, ClientPlace place)
    {
        Func<Candidate, bool>? isMeant = null;
        if (place.Node is { } node && Counts(ready, static endpoint => endpoint.ForNodes.Length, endpoint => endpoint.ForNodes.Contains(node)))
        {
            isMeant = candidate => candidate.Endpoint.ForNodes.Contains(node);
        }
        else if (place.Zone is { } zone && Counts(ready, static endpoint => endpoint.ForZones.Length, endpoint => endpoint.ForZones.Contains(zone)))
        {
            isMeant = candidate => candidate.Endpoint.ForZones.Contains(zone);
        }

        return ready.Select(candidate => isMeant switch
        {
            null => candidate.Describe(),

            // The endpoint serves this zone, wherever it runs. With the zone that it runs in, the balancer would put it after the local ones.
            _ when isMeant(candidate) => candidate.Describe() with { Zone = place.Zone ?? candidate.Endpoint.Zone },
            _ => candidate.Describe() with { Priority = 1 },
        });
    }

    private static bool Counts(List<Candidate> ready, Func<SliceEndpoint, int> count, Func<SliceEndpoint, bool> isMeant) =>
        ready.TrueForAll(candidate => count(candidate.Endpoint) > 0) && ready.Exists(candidate => isMeant(candidate.Endpoint));

    private sealed record Candidate(SliceEndpoint Endpoint, AddressKind Kind, PortChoice Port, Use Use)
    {
        internal DiscoveredEndpoint Describe() => new(Port.Scheme, Endpoint.Address, Port.Number) { Zone = Endpoint.Zone };
    }
}
