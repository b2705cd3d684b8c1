using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Telemetry;
using ClientSideLb.Shared;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Kubernetes.Watching;

/// <summary>Tells the log how the watch of a service fares: of each failure once, and of its end.</summary>
internal sealed class WatchReport(KubernetesServiceName name, ILogger logger)
{
    private string? _failure;

    internal void Changed(ServiceState state)
    {
        if (state.IsKnown)
        {
            logger.EndpointsChanged(name, state.EndpointCount, state.Slices.Count);
        }
        else
        {
            logger.ServiceNotKnown(name.IsCertain ? LogLevel.Information : LogLevel.Debug, name);
        }
    }

    internal void Failed(string reason, ServiceState? latest, TimeSpan pause)
    {
        if (reason == _failure)
        {
            logger.WatchFailedAgain(name, reason, DurationText.Of(pause));
            return;
        }

        _failure = reason;
        logger.WatchFailed(name, reason, latest?.EndpointCount ?? 0, DurationText.Of(pause));
    }

    internal void Recovered()
    {
        if (_failure is not null)
        {
            logger.WatchRecovered(name);
            _failure = null;
        }
    }
}
