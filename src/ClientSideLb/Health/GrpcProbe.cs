using System.Net;
using System.Net.Http.Headers;
using ClientSideLb.Configuration;
using ClientSideLb.Requests;
using ClientSideLb.Strategies;

namespace ClientSideLb.Health;

/// <summary>
/// Probes an endpoint by the gRPC health checking protocol (<c>grpc.health.v1.Health/Check</c>, gRFC A17). As in gRPC clients, a server that does
/// not have the health service counts as healthy.
/// </summary>
/// <param name="client">The client that sends the probes.</param>
/// <param name="logical">The balanced client's base address. Its host may be the name in the certificates of the endpoints.</param>
/// <param name="settings">The service to ask for.</param>
internal sealed class GrpcProbe(ProbeClient client, Uri logical, ProbeSettings settings) : ISharableProbe
{
    private const string Path = "/grpc.health.v1.Health/Check";
    private const int MaxBody = 4096;
    private const int Unimplemented = 12;
    private const int NotFound = 5;

    private static readonly string[] StatusNames =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    private static readonly string[] ServingNames = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

    private readonly byte[] _question = GrpcHealthMessage.CreateRequest(settings.GrpcService);

    public ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken) =>
        client.SendAsync(http => ProbeAsync(http, endpoint, cancellationToken));

    public ProbeIdentity Identify(ClusterEndpoint endpoint, out object sender) => client.GetSender().Identify(endpoint, logical, settings, out sender);

    private async ValueTask<HealthProbeResult> ProbeAsync(HttpClient http, ClusterEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(logical, Path))
        {
            Version = settings.Version ?? HttpVersion.Version20,
            VersionPolicy = settings.VersionPolicy ?? HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(_question),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));

        // As in a request, the client's own Host header comes first.
        request.Headers.Host = http.DefaultRequestHeaders.Host;
        RequestRewrite.Apply(request, endpoint, settings.HostHeader);
        var sent = request.RequestUri!;

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var body = await ProbeBody.ReadAsync(response, MaxBody, cancellationToken).ConfigureAwait(false);
        if (ProbeRedirect.IsFromElsewhere(request, response, sent))
        {
            return HealthProbeResult.Failed("it answered with a redirect; expected a gRPC response");
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return HealthProbeResult.FailedByStatus(response.StatusCode, "200, as gRPC servers answer");
        }

        if (!GrpcStatus.IsGrpc(request, response))
        {
            return HealthProbeResult.Failed("its response is not a gRPC response");
        }

        return (GrpcStatus.ReadCode(response.Headers) ?? GrpcStatus.ReadCode(response.TrailingHeaders)) switch
        {
            0 => Judge(body is null ? null : GrpcHealthMessage.ReadStatus(body)),
            Unimplemented => HealthProbeResult.Passed,
            NotFound => HealthProbeResult.Failed($"it does not know the gRPC service '{settings.GrpcService}' (NOT_FOUND)", StatusNames[NotFound]),
            { } status => HealthProbeResult.Failed($"it answered with the gRPC status {GetName(StatusNames, status)}", GetName(StatusNames, status)),
            null => HealthProbeResult.Failed("its response has no gRPC status"),
        };
    }

    private static HealthProbeResult Judge(int? health) => health switch
    {
        GrpcHealthMessage.Serving => HealthProbeResult.Passed,
        null => HealthProbeResult.Failed("its answer is not one of the gRPC health checking protocol"),
        { } other => HealthProbeResult.Failed($"it answered {GetName(ServingNames, other)}; expected SERVING", GetName(ServingNames, other)),
    };

    // A number that is not in the protocol must not make up a value of its own in metrics.
    private static string GetName(string[] names, int index) => index >= 0 && index < names.Length ? names[index] : "an unknown value";
}
