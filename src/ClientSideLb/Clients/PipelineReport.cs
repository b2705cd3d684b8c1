using Microsoft.Extensions.Logging;

namespace ClientSideLb.Clients;

/// <summary>Logs notable facts about a client's handlers, each one once, although the factory makes the handlers again and again. Thread-safe.</summary>
/// <param name="clientName">The name of the client.</param>
/// <param name="logger">The log.</param>
internal sealed class PipelineReport(string clientName, ILogger logger)
{
    private bool _isDiscoveryTold;
    private bool _isResilienceTold;

    /// <summary>Logs that the balancer has taken the place of service discovery.</summary>
    internal void DiscoveryReplaced()
    {
        if (!Interlocked.Exchange(ref _isDiscoveryTold, true))
        {
            logger.DiscoveryReplaced(clientName);
        }
    }

    /// <summary>Logs that a resilience handler is inside of the balancer.</summary>
    internal void ResilienceInside(string handler)
    {
        if (!Interlocked.Exchange(ref _isResilienceTold, true))
        {
            logger.ResilienceInside(clientName, handler);
        }
    }
}
