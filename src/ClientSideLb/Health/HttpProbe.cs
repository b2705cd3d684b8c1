using System.Net;
using System.Text;
using ClientSideLb.Configuration;
using ClientSideLb.Requests;

namespace ClientSideLb.Health;

/// <summary>Probes an endpoint with an HTTP request. The endpoint's own response counts: redirects are not followed.</summary>
/// <param name="client">The client that sends the probes.</param>
/// <param name="logical">The balanced client's base address. Its host may be the name in the certificates of the endpoints.</param>
/// <param name="settings">The request to send, and which responses pass.</param>
internal sealed class HttpProbe(ProbeClient client, Uri logical, ProbeSettings settings) : ISharableProbe
{
    private const int MaxBody = 64 * 1024;

    private static readonly HttpStatusCode[] Redirections =
    [
        HttpStatusCode.MultipleChoices, HttpStatusCode.MovedPermanently, HttpStatusCode.Found, HttpStatusCode.SeeOther,
        HttpStatusCode.TemporaryRedirect, HttpStatusCode.PermanentRedirect,
    ];

    private readonly HttpMethod _method = new(settings.Method);
    private readonly StatusRanges _expected = StatusRanges.TryParse(settings.ExpectedStatus, out var ranges)
        ? ranges
        : throw new ArgumentException($"The statuses '{settings.ExpectedStatus}' cannot be read.", nameof(settings));

    public ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken) =>
        client.SendAsync(http => ProbeAsync(http, endpoint, cancellationToken));

    public ProbeIdentity Identify(ClusterEndpoint endpoint, out object sender) => client.GetSender().Identify(endpoint, logical, settings, out sender);

    private async ValueTask<HealthProbeResult> ProbeAsync(HttpClient http, ClusterEndpoint endpoint, CancellationToken cancellationToken)
    {
        // If only the version is set, a lower one would be no answer to the question whether the endpoint speaks it.
        using var request = new HttpRequestMessage(_method, new Uri(logical, settings.Path))
        {
            Version = settings.Version ?? http.DefaultRequestVersion,
            VersionPolicy = settings.VersionPolicy ?? (settings.Version is null ? http.DefaultVersionPolicy : HttpVersionPolicy.RequestVersionExact),
        };

        // As in a request, the client's own Host header comes first.
        request.Headers.Host = http.DefaultRequestHeaders.Host;
        RequestRewrite.Apply(request, endpoint, settings.HostHeader);
        var sent = request.RequestUri!;

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var body = await ProbeBody.ReadAsync(response, MaxBody, cancellationToken).ConfigureAwait(false);
        if (ProbeRedirect.IsFromElsewhere(request, response, sent))
        {
            return Array.Exists(Redirections, status => _expected.Contains((int)status))
                ? HealthProbeResult.Passed
                : HealthProbeResult.Failed($"it answered with a redirect; expected {settings.ExpectedStatus}");
        }

        if (!_expected.Contains((int)response.StatusCode))
        {
            return HealthProbeResult.FailedByStatus(response.StatusCode, settings.ExpectedStatus);
        }

        return settings.BodyPredicate is null || (body is not null && settings.BodyPredicate(Encoding.UTF8.GetString(body)))
            ? HealthProbeResult.Passed
            : HealthProbeResult.Failed("the body of its response is not as expected");
    }
}
