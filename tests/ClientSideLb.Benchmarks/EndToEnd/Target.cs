using ClientSideLb.Benchmarks.EndToEnd.Children;

namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>One way for requests to reach the backends.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="SendAsync">Sends the request of a number, and gives the answer's body.</param>
/// <param name="Gateway">What stands between, or <see langword="null"/> where nothing does.</param>
internal sealed record Target(string Name, Func<long, Task<byte[]>> SendAsync, ChildProcess? Gateway = null);
