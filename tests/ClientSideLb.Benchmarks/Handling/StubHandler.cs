using System.Net;

namespace ClientSideLb.Benchmarks.Handling;

/// <summary>The primary handler that is no part of the measurement: it answers at once, with a body or without.</summary>
internal sealed class StubHandler(bool withBody) : HttpMessageHandler
{
    private static readonly byte[] Body = new byte[100];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request };
        if (withBody)
        {
            response.Content = new ByteArrayContent(Body);
        }

        return Task.FromResult(response);
    }
}
