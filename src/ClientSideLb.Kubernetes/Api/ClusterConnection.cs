using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using k8s;
using Client = k8s.Kubernetes;

namespace ClientSideLb.Kubernetes.Api;

/// <summary>The connection to an API server: its address, the trust in it, and the application's credentials. Thread-safe.</summary>
internal sealed class ClusterConnection : IDisposable
{
    // A connection that is cut without a word is found by pings within 20 s, and not when the watch ends minutes later.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly Client _client;
    private readonly string? _tokenPath;

    private ClusterConnection(KubernetesClientConfiguration configuration, string? tokenPath, string ownNamespace)
    {
        var configured = configuration.FirstMessageHandlerSetup;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            configured?.Invoke(handler);
            SetUp(handler);
        };
        _client = new Client(configuration);
        _tokenPath = tokenPath;
        OwnNamespace = ownNamespace;
    }

    /// <summary>Gets the address of the API server, which ends with a slash.</summary>
    internal Uri Address => _client.BaseUri;

    /// <summary>Gets the address of the API server for people, without a slash at its end.</summary>
    internal string AddressText => Address.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>Gets the client. It has no time limit of its own.</summary>
    internal HttpClient Http => _client.HttpClient;

    /// <summary>Gets the namespace of services whose name has none.</summary>
    internal string OwnNamespace { get; }

    /// <summary>Opens the connection that the options, or else the application's own configuration, or else the pod's environment describe.</summary>
    /// <param name="options">The options.</param>
    /// <param name="configuration">The application's own configuration of the client, if it has one.</param>
    /// <returns>The connection, or <see langword="null"/> outside of a cluster.</returns>
    internal static ClusterConnection? Open(KubernetesDiscoveryOptions options, KubernetesClientConfiguration? configuration)
    {
        if (options.ApiServer is null && configuration is not null)
        {
            return new ClusterConnection(configuration, tokenPath: null, options.Namespace ?? GetNamespace(options, configuration.Namespace));
        }

        if ((options.ApiServer ?? GetAddressFromEnvironment()) is not { } address)
        {
            return null;
        }

        return new ClusterConnection(
            new KubernetesClientConfiguration { Host = address.AbsoluteUri, SslCaCerts = ReadCertificates(options) },
            Path.Combine(options.ServiceAccountPath, "token"),
            options.Namespace ?? GetNamespace(options, otherwise: null));
    }

    /// <summary>Adds the application's credentials to a request.</summary>
    internal async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_tokenPath is not null && File.Exists(_tokenPath))
        {
            // The file is small and in memory (tmpfs), and requests are rare, so it is simply read each time. A rotated token is never missed.
            var token = await File.ReadAllTextAsync(_tokenPath, cancellationToken).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        }
        else if (_client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _client.Dispose();

    private static void SetUp(SocketsHttpHandler handler)
    {
        handler.AllowAutoRedirect = false;
        handler.ConnectTimeout = ConnectTimeout;
        handler.KeepAlivePingDelay = PingDelay;
        handler.KeepAlivePingTimeout = PingDelay;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
    }

    private static Uri? GetAddressFromEnvironment()
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            return null;
        }

        return new Uri(host.Contains(':', StringComparison.Ordinal) ? $"https://[{host}]:{port}/" : $"https://{host}:{port}/");
    }

    private static X509Certificate2Collection? ReadCertificates(KubernetesDiscoveryOptions options)
    {
        var path = Path.Combine(options.ServiceAccountPath, "ca.crt");
        if (!File.Exists(path))
        {
            return null;
        }

        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates;
    }

    private static string GetNamespace(KubernetesDiscoveryOptions options, string? otherwise)
    {
        var path = Path.Combine(options.ServiceAccountPath, "namespace");
        var text = File.Exists(path) ? File.ReadAllText(path).Trim() : otherwise;
        return string.IsNullOrEmpty(text) ? "default" : text;
    }
}
