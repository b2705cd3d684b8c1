namespace ClientSideLb.AotSmoke;

/// <summary>A few servers, named a, b and so on.</summary>
internal sealed class Backends : IDisposable
{
    private readonly SocketServer[] _servers;

    internal Backends(int count) =>
        _servers = [.. Enumerable.Range(0, count).Select(static i => new SocketServer(((char)('a' + i)).ToString()))];

    internal SocketServer this[int index] => _servers[index];

    /// <summary>Gets how many requests each server has had.</summary>
    internal string Requests => string.Join(' ', _servers.Select(static server => server.Requests));

    /// <summary>Lists the servers as endpoints, with weights if given.</summary>
    internal void AddTo(LoadBalancingOptions options, params int[] weights)
    {
        for (var i = 0; i < _servers.Length; i++)
        {
            options.Endpoints.Add(new EndpointOptions { Address = _servers[i].Address, Weight = i < weights.Length ? weights[i] : 1 });
        }
    }

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server.Dispose();
        }
    }
}
