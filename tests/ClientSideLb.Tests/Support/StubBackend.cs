using System.Net;

namespace ClientSideLb.Tests;

/// <summary>A primary handler that answers every request, and remembers the address that it was sent to.</summary>
internal sealed class StubBackend : HttpMessageHandler
{
    private readonly List<Uri> _addresses = [];
    private readonly List<string?> _hosts = [];

    internal IReadOnlyList<Uri> Addresses
    {
        get
        {
            lock (_addresses)
            {
                return [.. _addresses];
            }
        }
    }

    internal IReadOnlyList<string?> Hosts
    {
        get
        {
            lock (_addresses)
            {
                return [.. _hosts];
            }
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (_addresses)
        {
            _addresses.Add(request.RequestUri!);
            _hosts.Add(request.Headers.Host);
        }

        return new HttpResponseMessage(HttpStatusCode.NoContent) { RequestMessage = request };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Send(request, cancellationToken));
}
