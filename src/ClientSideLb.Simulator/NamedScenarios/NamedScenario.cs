namespace ClientSideLb.Simulator;

/// <summary>A scenario of the library, which has a name and needs no options.</summary>
public abstract class NamedScenario
{
    private protected NamedScenario()
    {
    }

    /// <summary>Gets the name.</summary>
    public abstract string Name { get; }

    /// <summary>Gets a one-line summary of what it shows.</summary>
    public abstract string Summary { get; }

    /// <summary>Gets the values of the options that are not given.</summary>
    /// <value>
    /// Without a strategy, the scenario compares runs of its own. An option that the scenario does not use is <see langword="null"/>. Some runs of a
    /// scenario may have other values, such as a single client, if that is what is compared; their labels say so.
    /// </value>
    public abstract ScenarioOptions Defaults { get; }

    /// <summary>Runs the scenario.</summary>
    /// <param name="options">The options that replace defaults of the scenario.</param>
    /// <param name="progress">Receives the progress of all its runs together from time to time.</param>
    /// <param name="cancellationToken">Stops the scenario early.</param>
    /// <returns>The results of the scenario.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ScenarioException">The options are not valid.</exception>
    /// <exception cref="OperationCanceledException">The scenario was cancelled.</exception>
    public abstract ScenarioResult Run(
        ScenarioOptions options, IProgress<SimulationProgress>? progress = null, CancellationToken cancellationToken = default);
}
