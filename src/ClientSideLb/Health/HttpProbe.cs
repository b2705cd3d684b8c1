using System.Text;
using ClientSideLb.Configuration;
using ClientSideLb.Requests;

namespace ClientSideLb.Health;

/// <summary>Asks an endpoint by an HTTP request.</summary>
/// <param name="client">A client with the balanced client's own primary handler and settings, but without the balancer.</param>
/// <param name="logical">The balanced client's base address, by whose name an endpoint may have its certificate.</param>
/// <param name="settings">What to ask, and which response passes.</param>
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
            : HealthProbeResult.Failed("the body of its answer is not as expected");
    }

    // Read to its end even where nobody asks for it: that is what keeps the connection for the next probe.
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
