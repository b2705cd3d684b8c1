using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace ClientSideLb.Tests.Functional;

/// <summary>Several WireMock servers that answer every request with 200.</summary>
internal sealed class WireMockFleet : IDisposable
{
    private readonly WireMockServer[] _servers;

    internal WireMockFleet(int count)
    {
        _servers = [.. Enumerable.Range(0, count).Select(static _ => WireMockServer.Start())];
        foreach (var server in _servers)
        {
            server.Given(Request.Create()).RespondWith(Response.Create().WithBody("ok"));
        }
    }

    internal Uri[] Addresses => Array.ConvertAll(_servers, static server => new Uri(server.Urls[0]));

    /// <summary>Gets the number of requests of each server since the last <see cref="Reset"/>.</summary>
    internal int[] Counts => Array.ConvertAll(_servers, static server => server.LogEntries.Count);

    /// <summary>Gets the paths of the requests to one server.</summary>
    internal string[] PathsAt(int index) =>
        [.. _servers[index].LogEntries.Select(static entry => entry.RequestMessage!.Path).Distinct().Order(StringComparer.Ordinal)];

    internal void Reset() => Array.ForEach(_servers, static server => server.ResetLogEntries());

    public void Dispose() => Array.ForEach(_servers, static server => server.Dispose());
}
