using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Slices;
using ClientSideLb.Kubernetes.Telemetry;
using static ClientSideLb.Kubernetes.Slices.SliceDocuments;

namespace ClientSideLb.Kubernetes.Api;

/// <summary>
/// The few requests to the API server that discovery needs. They are plain HTTP, because the watch of the client library can neither be cancelled
/// at once nor be compiled ahead of time without the types of all resources. Thread-safe.
/// </summary>
internal sealed class KubernetesApi(ClusterConnection connection, TimeSpan timeout, KubernetesMetrics metrics, TimeProvider time)
{
    internal const string ServiceLabel = "kubernetes.io/service-name";
    internal const string ZoneLabel = "topology.kubernetes.io/zone";

    private const string SliceGroup = "discovery.k8s.io";
    private const string SliceResource = "endpointslices";
    private const int PageSize = 500;
    private const int LargestAnswer = 64 * 1024 * 1024;
    private const int LongestLine = 16 * 1024 * 1024;
    private static readonly TimeSpan WatchGrace = TimeSpan.FromSeconds(15);

    /// <summary>Lists the slices of a service.</summary>
    /// <exception cref="KubernetesDiscoveryException">There is no answer that can be used.</exception>
    internal async Task<SliceList> ListSlicesAsync(KubernetesServiceName service, CancellationToken cancellationToken)
    {
        var resource = new ApiResource("list", SliceGroup, SliceResource, service.Namespace);
        var items = new List<JsonElement>();
        string? next = null;
        while (true)
        {
            var more = next is null ? "" : $"&continue={Uri.EscapeDataString(next)}";
            var body = await GetAsync(resource, $"{GetSlicesPath(service)}&limit={PageSize}{more}", cancellationToken).ConfigureAwait(false);
            var page = Parse(resource, () => JsonSerializer.Deserialize(body, SliceJson.Default.ListDocument));
            if (page is not { Kind: "EndpointSliceList", Metadata.ResourceVersion: { } version })
            {
                throw Fail(resource, "malformed", $"The answer of the API server at {connection.AddressText} to '{resource}' is not a list of EndpointSlices.");
            }

            items.AddRange(page.Items ?? []);
            next = page.Metadata.Continue;
            if (string.IsNullOrEmpty(next))
            {
                return new SliceList(items, version);
            }
        }
    }

    /// <summary>Watches the slices of a service until the API server ends the watch.</summary>
    /// <param name="service">The service.</param>
    /// <param name="version">The version of the list, or of the last event of an earlier watch.</param>
    /// <param name="length">How long the API server is asked to go on.</param>
    /// <param name="cancellationToken">Ends the watch at once.</param>
    /// <exception cref="KubernetesDiscoveryException">The watch was refused or broke off.</exception>
    internal async IAsyncEnumerable<SliceEvent> WatchSlicesAsync(
        KubernetesServiceName service, string version, TimeSpan length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var resource = new ApiResource("watch", SliceGroup, SliceResource, service.Namespace);
        var path = $"{GetSlicesPath(service)}&watch=1&allowWatchBookmarks=true&timeoutSeconds={(int)length.TotalSeconds}&resourceVersion={Uri.EscapeDataString(version)}";

        // Otherwise the client would wait for ever for a server that forgets the watch.
        using var limit = new CancellationTokenSource(length + WatchGrace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var response = await SendAsync(resource, path, either.Token, cancellationToken).ConfigureAwait(false);
        yield return new SliceEvent(SliceEventKind.Opened, default, version);

        var stream = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
        var lines = LineReader.ReadAsync(stream, LongestLine, either.Token).GetAsyncEnumerator(CancellationToken.None);
        await using var linesEnd = lines.ConfigureAwait(false);
        while (await TryAsync(resource, async () => await lines.MoveNextAsync().ConfigureAwait(false), cancellationToken).ConfigureAwait(false))
        {
            var line = lines.Current;
            var read = Parse(resource, () =>
            {
                var reader = new Utf8JsonReader(line);
                return JsonSerializer.Deserialize(ref reader, SliceJson.Default.EventDocument);
            });
            yield return ReadEvent(resource, read);
        }
    }

    /// <summary>Gets the label of a node that names its zone.</summary>
    /// <returns>The zone, or <see langword="null"/> if the node has no such label.</returns>
    /// <exception cref="KubernetesDiscoveryException">There is no answer that can be used.</exception>
    internal async Task<string?> GetZoneOfNodeAsync(string node, CancellationToken cancellationToken)
    {
        var resource = new ApiResource("get", "", "nodes", Namespace: null);
        var body = await GetAsync(resource, $"api/v1/nodes/{Uri.EscapeDataString(node)}", cancellationToken).ConfigureAwait(false);
        var document = Parse(resource, () => JsonSerializer.Deserialize(body, SliceJson.Default.NamedDocument));
        return document?.Metadata?.Labels?.GetValueOrDefault(ZoneLabel) is { Length: > 0 } zone ? zone : null;
    }

    private static string GetSlicesPath(KubernetesServiceName service) =>
        $"apis/{SliceGroup}/v1/namespaces/{service.Namespace}/{SliceResource}?labelSelector={Uri.EscapeDataString($"{ServiceLabel}={service.Service}")}";

    private SliceEvent ReadEvent(ApiResource resource, EventDocument? read)
    {
        var item = read?.Object ?? default;
        switch (read?.Type)
        {
            case "ADDED" or "MODIFIED":
                metrics.EventReceived(read.Type == "ADDED" ? "added" : "modified");
                return new SliceEvent(SliceEventKind.Set, item, GetVersion(item));
            case "DELETED":
                metrics.EventReceived("deleted");
                return new SliceEvent(SliceEventKind.Deleted, item, GetVersion(item));
            case "BOOKMARK":
                metrics.EventReceived("bookmark");
                return new SliceEvent(SliceEventKind.Bookmark, item, GetVersion(item));
            case "ERROR":
                metrics.EventReceived("error");
                var status = Parse(resource, () => item.Deserialize(SliceJson.Default.StatusDocument));
                throw Refuse(resource, (HttpStatusCode)(status?.Code ?? 500), status?.Message);
            default:
                throw Fail(resource, "malformed", $"A line of the watch of the API server at {connection.AddressText} is not an event.");
        }
    }

    private static string? GetVersion(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty("metadata", out var metadata)
        && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty("resourceVersion", out var version)
        && version.ValueKind == JsonValueKind.String
            ? version.GetString()
            : null;

    private async Task<byte[]> GetAsync(ApiResource resource, string path, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var response = await SendAsync(resource, path, either.Token, cancellationToken).ConfigureAwait(false);
        return await TryAsync(
            resource,
            async () =>
            {
                await response.Content.LoadIntoBufferAsync(LargestAnswer, either.Token).ConfigureAwait(false);
                return await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(ApiResource resource, string path, CancellationToken limit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(connection.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        metrics.RequestSent(resource.Operation);
        var response = await TryAsync(
            resource,
            async () =>
            {
                await connection.AuthorizeAsync(request, limit).ConfigureAwait(false);
                using var headers = new CancellationTokenSource(timeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(headers.Token, limit);
                return await connection.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            return response;
        }

        using (response)
        {
            throw await ReadRefusalAsync(resource, response, limit).ConfigureAwait(false);
        }
    }

    private async Task<KubernetesDiscoveryException> ReadRefusalAsync(ApiResource resource, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return Fail(resource, "malformed", $"The API server at {connection.AddressText} answers '{resource}' with {response.Content.Headers.ContentType?.MediaType ?? "no type"} in place of JSON.");
        }

        string? message = null;
        try
        {
            await response.Content.LoadIntoBufferAsync(LongestLine, cancellationToken).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            message = JsonSerializer.Deserialize(body, SliceJson.Default.StatusDocument)?.Message;
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException or OperationCanceledException)
        {
            // The status says enough.
        }

        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null;
        return Refuse(resource, response.StatusCode, message, wait);
    }

    private KubernetesDiscoveryException Refuse(ApiResource resource, HttpStatusCode status, string? message, TimeSpan? retryAfter = null)
    {
        const int LongestMessage = 300;
        var said = string.IsNullOrWhiteSpace(message) ? "" : $" It says: {(message.Length > LongestMessage ? message[..LongestMessage] + "…" : message)}";
        var text = status switch
        {
            HttpStatusCode.Forbidden => $"The API server refuses to {resource}. {resource.DescribeGrant()}{said}",
            HttpStatusCode.Unauthorized => $"The API server does not accept the application's token to {resource}.{said}",
            _ => $"The API server at {connection.AddressText} answers '{resource}' with status {(int)status}.{said}",
        };
        var type = ((int)status).ToString(CultureInfo.InvariantCulture);
        metrics.Failed(type, resource.Operation);
        return new KubernetesDiscoveryException(text) { ErrorType = type, Status = status, RetryAfter = retryAfter };
    }

    private KubernetesDiscoveryException Fail(ApiResource resource, string type, string message, Exception? inner = null)
    {
        metrics.Failed(type, resource.Operation);
        return new KubernetesDiscoveryException(message, inner!) { ErrorType = type };
    }

    private T Parse<T>(ApiResource resource, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Fail(resource, "malformed", $"The answer of the API server at {connection.AddressText} to '{resource}' cannot be read: {e.Message}", e);
        }
    }

    private async Task<T> TryAsync<T>(ApiResource resource, Func<Task<T>> act, CancellationToken cancellationToken)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fail(resource, "timeout", $"The API server at {connection.AddressText} did not answer '{resource}' in time.", e);
        }
        catch (Exception e) when (e is not (OperationCanceledException or KubernetesDiscoveryException))
        {
            throw Fail(resource, e is FormatException ? "malformed" : "connection", $"The connection to the API server at {connection.AddressText} failed at '{resource}': {e.Message}", e);
        }
    }
}
