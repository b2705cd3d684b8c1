using ClientSideLb.Simulator.NamedScenarios;

namespace ClientSideLb.Simulator;

/// <summary>A named scenario that sends traffic, in one run or in several that are compared.</summary>
public abstract class TrafficScenario : NamedScenario
{
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(5);

    private protected TrafficScenario()
    {
    }

    /// <summary>Creates the runs of the scenario.</summary>
    /// <param name="options">The options that replace defaults of the scenario.</param>
    /// <returns>The runs.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ScenarioException">The options are not valid.</exception>
    public IReadOnlyList<ScenarioRun> CreateRuns(ScenarioOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ScenarioOptionsValidator.ThrowIfNotValid(options, Defaults);
        return Create(ScenarioSettings.Of(options, Defaults));
    }

    /// <inheritdoc/>
    public sealed override ScenarioResult Run(
        ScenarioOptions options, IProgress<SimulationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new(Name, ScenarioRunner.Run(CreateRuns(options), progress, cancellationToken), []);

    private protected abstract IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings);

    /// <summary>Creates a run for each strategy that the settings name. If they name none, creates a run for each default strategy.</summary>
    private protected static IReadOnlyList<ScenarioRun> CreateForStrategies(
        ScenarioSettings settings, IReadOnlyList<string> defaults, Func<LoadBalancingOptions, Scenario> create)
    {
        var strategies = settings.Strategy is null ? defaults : ScenarioStrategies.Of(settings.Strategy);
        return [.. strategies.Select(strategy => new ScenarioRun(strategy, create(new LoadBalancingOptions { Strategy = strategy })))];
    }

    /// <summary>Gets the warm-up of a run: a sixth of its duration, up to 5 seconds.</summary>
    private protected static TimeSpan GetWarmUp(TimeSpan duration) => duration / 6 < LongestWarmUp ? duration / 6 : LongestWarmUp;

    /// <summary>Computes the rate of requests that puts a load on backends. A load of 1 keeps all their servers busy.</summary>
    private protected static double ComputeRate(double load, BackendGroup backends) =>
        load * backends.Count * backends.Concurrency * backends.Speed / backends.Service.MeanSeconds;
}
