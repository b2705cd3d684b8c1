using System.Globalization;

namespace ClientSideLb.PublicApi.Tests.Docs;

public sealed class BacklogProbe(IHttpClientFactory clients) : IHealthProbe
{
    public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
    {
        var http = clients.CreateClient("probes");
        var text = await http.GetStringAsync(new Uri(endpoint.Address, "backlog"), cancellationToken);
        var backlog = int.Parse(text, CultureInfo.InvariantCulture);
        return backlog < 1000 ? HealthProbeResult.Passed : HealthProbeResult.Failed($"its backlog is {backlog}");
    }
}
