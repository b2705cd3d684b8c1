using System.Net;

namespace ClientSideLb.PublicApi.Tests.Docs;

public sealed class ErrorInBodyHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (body.Contains("\"error\":\"overloaded\"", StringComparison.Ordinal))
        {
            response.StatusCode = HttpStatusCode.ServiceUnavailable;
        }

        return response;
    }
}
