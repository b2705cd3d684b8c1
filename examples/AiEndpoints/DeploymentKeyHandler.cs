using System.Net.Http.Headers;
using ClientSideLb;

namespace AiEndpoints;

/// <summary>
/// Sends each deployment its own key. It stands inside the balancer, so it runs for each attempt, when the endpoint is known.
/// </summary>
internal sealed class DeploymentKeyHandler(IReadOnlyDictionary<string, string> keys) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var deployment = request.GetEndpoint()!.Address.Authority;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", keys[deployment]);
        return base.SendAsync(request, cancellationToken);
    }
}
