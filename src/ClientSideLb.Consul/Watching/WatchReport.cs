using ClientSideLb.Consul.Api;
using ClientSideLb.Consul.Names;
using ClientSideLb.Consul.Telemetry;
using ClientSideLb.Shared;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Consul.Watching;

/// <summary>Tells what happens to a watch, each thing once. Not thread-safe.</summary>
internal sealed class WatchReport(ConsulServiceName name, ILogger logger)
{
    private string? _failure;
    private string? _unusable;
    private bool _isFiltered;
    private bool _hasNoIndex;

    internal void Answered(ConsulAnswer answer)
    {
        if (_failure is not null)
        {
            logger.WatchRecovered(name);
            _failure = null;
        }

        if (answer.IsFiltered && !_isFiltered)
        {
            logger.ResultsFiltered(name);
        }

        if (answer.Index is null && !_hasNoIndex)
        {
            logger.IndexMissing(name);
        }

        _isFiltered = answer.IsFiltered;
        _hasNoIndex = answer.Index is null;
        ReportUnusable(answer.List.Unusable);
    }

    internal void Changed(ServiceState state)
    {
        if (state.IsKnown)
        {
            logger.EndpointsChanged(name, state.Instances.Length, state.Instances.Count(static one => one.Health is not null));
        }
        else
        {
            logger.ServiceNotKnown(name);
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
        logger.WatchFailed(name, reason, latest?.Instances.Length ?? 0, DurationText.Of(pause));
    }

    private void ReportUnusable(IReadOnlyList<(string Instance, string Reason)> unusable)
    {
        var shown = string.Join('\n', unusable);
        if (unusable is [var (instance, reason), ..] && shown != _unusable)
        {
            logger.InstancesNotUsable(name, unusable.Count, instance, reason);
        }

        _unusable = shown;
    }
}
