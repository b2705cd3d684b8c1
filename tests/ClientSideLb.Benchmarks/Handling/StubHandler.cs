using System.Net;

namespace ClientSideLb.Benchmarks.Handling;

/// <summary>The primary handler that is no part of the measurement: it answers at once, with a body or without.</summary>
internal sealed class StubHandler(ResponseBody body) : HttpMessageHandler
{
    private static readonly byte[] Body = new byte[100];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request };
        if (body != ResponseBody.None)
        {
            response.Content = new ByteArrayContent(Body);
        }

        if (body == ResponseBody.WithHeaders)
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
            response.Content.Headers.TryAddWithoutValidation("Content-Length", "100");

            // As SocketsHttpHandler does, to know where the body ends; from then on the header is kept as a number.
            _ = response.Content.Headers.ContentLength;
        }

        return Task.FromResult(response);
    }
}
