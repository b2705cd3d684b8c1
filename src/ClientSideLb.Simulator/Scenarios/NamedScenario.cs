namespace ClientSideLb.Simulator;

/// <summary>A scenario with a name, and with defaults that tell its story.</summary>
public abstract class NamedScenario
{
    private protected NamedScenario()
    {
    }

    /// <summary>Gets the name.</summary>
    public abstract string Name { get; }

    /// <summary>Gets what it shows, in a line.</summary>
    public abstract string Summary { get; }

    /// <summary>Runs it.</summary>
    /// <param name="options">What is to be otherwise than by default.</param>
    /// <param name="progress">Is told from time to time how far it has come, over all its runs.</param>
    /// <param name="cancellationToken">Ends it before its end.</param>
    /// <returns>What came out.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ScenarioException">The options are not valid.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public abstract ScenarioResult Run(
        ScenarioOptions options, IProgress<SimulationProgress>? progress = null, CancellationToken cancellationToken = default);
}
