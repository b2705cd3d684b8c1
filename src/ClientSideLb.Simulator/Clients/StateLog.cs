using Microsoft.Extensions.Logging;

namespace ClientSideLb.Simulator;

/// <summary>Hears, as an operator would from the log, that the state of an endpoint has changed for a client.</summary>
/// <param name="client">The client.</param>
/// <param name="news">Gets the client when there is news of it.</param>
internal sealed class StateLog(int client, Queue<int> news) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        news.Enqueue(client);
}
