using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Telemetry;
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
            logger.EndpointsChanged(name.Service, name.Namespace, state.CountEndpoints(), state.Slices.Count);
        }
        else
        {
            logger.ServiceNotKnown(name.IsCertain ? LogLevel.Information : LogLevel.Debug, name.Service, name.Namespace);
        }
    }

    internal void Failed(string reason, ServiceState? latest, TimeSpan pause)
    {
        if (reason == _failure)
        {
            logger.WatchFailedAgain(name.Service, name.Namespace, reason, pause);
            return;
        }

        _failure = reason;
        logger.WatchFailed(name.Service, name.Namespace, reason, latest?.CountEndpoints() ?? 0, pause);
    }

    internal void Recovered()
    {
        if (_failure is not null)
        {
            logger.WatchRecovered(name.Service, name.Namespace);
            _failure = null;
        }
    }
}
