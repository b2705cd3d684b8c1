namespace ClientSideLb.Strategies;

/// <summary>
/// The estimates of one endpoint: one for each decay time that its cluster has had. A reload may change the decay time while pickers of both
/// are in use.
/// </summary>
internal sealed class PeakEstimates
{
    private volatile Node? _latest;

    /// <summary>Gets the estimate of an endpoint with a decay time. If there is none, it begins with the value of the latest one.</summary>
    internal static PeakEstimate Of(ClusterEndpoint endpoint, TimeSpan decayTime) =>
        endpoint.GetOrAddState(static _ => new PeakEstimates()).Get(decayTime);

    private PeakEstimate Get(TimeSpan decayTime)
    {
        while (true)
        {
            var latest = _latest;
            for (var node = latest; node is not null; node = node.Earlier)
            {
                if (node.Estimate.DecayTime == decayTime)
                {
                    return node.Estimate;
                }
            }

            var estimate = latest is null ? new PeakEstimate(decayTime) : new PeakEstimate(decayTime, latest.Estimate);
            if (ReferenceEquals(Interlocked.CompareExchange(ref _latest, new Node(estimate, latest), latest), latest))
            {
                return estimate;
            }
        }
    }

    private sealed record Node(PeakEstimate Estimate, Node? Earlier);
}
