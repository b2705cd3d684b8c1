using ClientSideLb.Benchmarks.EndToEnd.Children;

namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>One way for requests to reach the backends.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="SendAsync">Sends the request of a number.</param>
/// <param name="Gateway">What stands between, or <see langword="null"/> where nothing does.</param>
/// <param name="BeforeTurnAsync">What must be done before each turn, or <see langword="null"/> where that is nothing.</param>
internal sealed record Target(
    string Name, Func<long, Task<Answer>> SendAsync, ChildProcess? Gateway = null, Func<CancellationToken, Task>? BeforeTurnAsync = null);
