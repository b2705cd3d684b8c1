using ClientSideLb.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Health;

/// <summary>
/// The HTTP client for the probes of a balanced client. It has the same primary handler configuration, so that certificates and proxies are
/// the same, and the same headers and versions, but none of the other handlers. It lives as long as the container, whatever handlers the
/// factory replaces.
/// </summary>
internal sealed class ProbeClient : IDisposable
{
    private readonly IServiceScope _scope;

    internal ProbeClient(string clientName, IServiceProvider services)
    {
        _scope = services.CreateScope();
        var options = _scope.ServiceProvider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(clientName);
        var builder = _scope.ServiceProvider.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = clientName;
        foreach (var configure in options.HttpMessageHandlerBuilderActions)
        {
            configure(builder);
        }

        // The prober limits the time of each probe itself.
        Http = new HttpClient(AutoRedirect.Replace(builder.PrimaryHandler), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        foreach (var configure in options.HttpClientActions)
        {
            configure(Http);
        }
    }

    internal HttpClient Http { get; }

    public void Dispose()
    {
        Http.Dispose();
        _scope.Dispose();
    }
}
