namespace ClientSideLb.Simulator;

/// <summary>A named scenario that sends traffic in one or several runs, to compare them.</summary>
public abstract class TrafficScenario : NamedScenario
{
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(5);

    private protected TrafficScenario()
    {
    }

    /// <summary>Makes its runs.</summary>
    /// <param name="options">What is to be otherwise than by default.</param>
    /// <returns>The runs.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ScenarioException">The options are not valid.</exception>
    public IReadOnlyList<ScenarioRun> CreateRuns(ScenarioOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ScenarioOptionsValidator.ThrowIfNotValid(options);
        return Create(options);
    }

    /// <inheritdoc/>
    public sealed override ScenarioResult Run(
        ScenarioOptions options, IProgress<SimulationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new(Name, ScenarioRunner.Run(CreateRuns(options), progress, cancellationToken), []);

    private protected abstract IReadOnlyList<ScenarioRun> Create(ScenarioOptions options);

    /// <summary>Makes a run for the strategy that the options name, for each there is, or for those that tell the story.</summary>
    private protected static IReadOnlyList<ScenarioRun> ForEachStrategy(
        ScenarioOptions options, IReadOnlyList<string> byDefault, Func<LoadBalancingOptions, Scenario> create)
    {
        var strategies = options.Strategy is null ? byDefault : ScenarioStrategies.Of(options.Strategy);
        return [.. strategies.Select(strategy => new ScenarioRun(strategy, create(new LoadBalancingOptions { Strategy = strategy })))];
    }

    /// <summary>Gets the part of a run that is not measured.</summary>
    private protected static TimeSpan WarmUpOf(TimeSpan duration) => duration / 6 < LongestWarmUp ? duration / 6 : LongestWarmUp;

    /// <summary>Computes how many requests a second are a part of what backends can serve.</summary>
    private protected static double RateFor(double load, BackendGroup backends) =>
        load * backends.Count * backends.Concurrency * backends.Speed / backends.Service.MeanSeconds;
}
