using System.Net;
using ClientSideLb.Consul.Configuration;

namespace ClientSideLb.Consul.Api;

/// <summary>The connections to Consul. Thread-safe.</summary>
internal sealed class ConsulConnection : IDisposable
{
    // The address of Consul may be a name whose addresses change.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    internal ConsulConnection(ConsulDiscoveryOptions options, ConsulTarget target)
    {
        // A redirect would take the token to another host. Queries last for minutes, and are no part of anyone's trace.
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = options.RequestTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        };
        options.ConfigureHandler?.Invoke(handler);
        Address = target.Address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        Client = new HttpClient(handler) { BaseAddress = target.Address, Timeout = Timeout.InfiniteTimeSpan };
        if (target.Token is { } token)
        {
            Client.DefaultRequestHeaders.TryAddWithoutValidation("X-Consul-Token", token);
        }

        Client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    internal HttpClient Client { get; }

    /// <summary>Gets the address of Consul for people, without a slash at its end.</summary>
    internal string Address { get; }

    public void Dispose() => Client.Dispose();
}
