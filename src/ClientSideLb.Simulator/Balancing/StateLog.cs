using Microsoft.Extensions.Logging;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>Listens to the log of a cluster, which has a line for each change of an endpoint's state.</summary>
/// <param name="onStateChanging">Called for each line. The cluster may still be in the middle of the change.</param>
internal sealed class StateLog(Action onStateChanging) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        onStateChanging();
}
