using System.Diagnostics.Metrics;
using System.Reflection;

namespace ClientSideLb.Shared;

/// <summary>The metrics of one source of endpoints, the same for each source. Thread-safe.</summary>
internal class DiscoveryMetrics
{
    internal const string Service = "clientsidelb.service";
    internal const string Outcome = "clientsidelb.outcome";
    internal const string ErrorType = "error.type";

    private static readonly string? Version =
        typeof(DiscoveryMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    private readonly string _prefix;
    private readonly Counter<long> _queries;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _answers;
    private readonly Counter<long> _errors;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="meterName">The name of the meter, and in lower case that of the instruments.</param>
    /// <param name="source">The source in words.</param>
    internal DiscoveryMetrics(IMeterFactory meters, string meterName, string source)
    {
        _prefix = meterName.ToLowerInvariant();
        Meter = meters.Create(meterName, Version);
        _queries = Meter.CreateCounter<long>($"{_prefix}.queries", "{query}", "Queries of service discovery for the endpoints of a service.");
        _requests = Meter.CreateCounter<long>($"{_prefix}.requests", "{request}", $"Requests to {source}.");
        _answers = Meter.CreateCounter<long>($"{_prefix}.answers", "{answer}", $"Answers of {source} that could be used, by whether they changed what is known.");
        _errors = Meter.CreateCounter<long>($"{_prefix}.errors", "{error}", $"Requests to {source} that failed, or whose answer could not be used.");
    }

    protected Meter Meter { get; }

    /// <summary>Adds the metrics that are read when they are collected.</summary>
    /// <remarks>
    /// Every meter of the process is in a static list until it is disposed. It must not keep alive a container that is dropped without that, so the
    /// reference is weak.
    /// </remarks>
    internal void Observe<TName, TState>(WatchRegistry<TName, TState> watches)
        where TName : notnull
        where TState : class, IServiceState
    {
        var weak = new WeakReference<WatchRegistry<TName, TState>>(watches);
        IEnumerable<(string Service, int Endpoints)> Read() => weak.TryGetTarget(out var registry) ? registry.Read() : [];
        Meter.CreateObservableUpDownCounter($"{_prefix}.watches", () => Read().Count(), "{service}", "Services that are watched.");
        Meter.CreateObservableUpDownCounter(
            $"{_prefix}.endpoints",
            () => Read().Select(static one => new Measurement<int>(one.Endpoints, new KeyValuePair<string, object?>(Service, one.Service))),
            "{endpoint}",
            "Endpoints of a watched service, whatever their health.");
    }

    internal void Queried(string outcome) => _queries.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));

    internal void Answered(bool changed) => _answers.Add(1, new KeyValuePair<string, object?>(Outcome, changed ? "changed" : "unchanged"));

    internal void RequestSent(params ReadOnlySpan<KeyValuePair<string, object?>> tags) => _requests.Add(1, tags);

    internal void Failed(string type, params ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _errors.Add(1, [new KeyValuePair<string, object?>(ErrorType, type), .. tags]);
}
