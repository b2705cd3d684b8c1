using System.Text;
using ClientSideLb.Configuration;
using ClientSideLb.Requests;

namespace ClientSideLb.Health;

/// <summary>Probes an endpoint with an HTTP request.</summary>
/// <param name="client">A client with the primary handler and the settings of the balanced client, but without the balancer.</param>
/// <param name="logical">The balanced client's base address. Its host may be the name in the certificates of the endpoints.</param>
/// <param name="settings">The request to send, and which responses pass.</param>
internal sealed class HttpProbe(HttpClient client, Uri logical, ProbeSettings settings) : IHealthProbe
{
    private const int MaxBody = 64 * 1024;

    private readonly HttpMethod _method = new(settings.Method);
    private readonly StatusRanges _expected = StatusRanges.TryParse(settings.ExpectedStatus, out var ranges)
        ? ranges
        : throw new ArgumentException($"The statuses '{settings.ExpectedStatus}' cannot be read.", nameof(settings));

    public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(_method, new Uri(logical, settings.Path))
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        RequestRewrite.Apply(request, endpoint, settings.HostHeader);

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var body = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        if (!_expected.Contains((int)response.StatusCode))
        {
            return HealthProbeResult.FailedByStatus(response.StatusCode, settings.ExpectedStatus);
        }

        return settings.BodyPredicate is null || (body is not null && settings.BodyPredicate(body))
            ? HealthProbeResult.Passed
            : HealthProbeResult.Failed("the body of its response is not as expected");
    }

    // The body is read even if no predicate needs it, because the connection can be reused for the next probe only after that.
    private static async ValueTask<string?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBody];
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var read = await stream.ReadAtLeastAsync(buffer, MaxBody, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return read < MaxBody ? Encoding.UTF8.GetString(buffer, 0, read) : null;
        }
    }
}
