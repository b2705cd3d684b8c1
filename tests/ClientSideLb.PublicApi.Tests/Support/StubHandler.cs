using System.Net;

namespace ClientSideLb.PublicApi.Tests;

/// <summary>Stands where the primary handler of a client does: the backends are a function of the test.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> backends) : HttpMessageHandler
{
    internal static Task<HttpResponseMessage> Answer(HttpStatusCode status = HttpStatusCode.OK) => Task.FromResult(new HttpResponseMessage(status));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        backends(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        backends(request, cancellationToken).GetAwaiter().GetResult();
}
