using System.Globalization;
using System.Net;
using System.Text.Json;
using ClientSideLb.Consul.Instances;
using ClientSideLb.Shared;

namespace ClientSideLb.Consul.Api;

/// <summary>Asks Consul for the instances of services. Thread-safe.</summary>
/// <param name="connection">The connections. The caller owns them.</param>
/// <param name="options">The options.</param>
/// <param name="metrics">The metrics.</param>
/// <param name="time">The clock of time limits.</param>
/// <param name="longestAnswer">The largest number of bytes of an answer.</param>
internal sealed class ConsulApi(
    ConsulConnection connection, ConsulDiscoveryOptions options, DiscoveryMetrics metrics, TimeProvider time, long longestAnswer = ConsulApi.LongestAnswer)
{
    /// <summary>More than 10,000 instances with plenty of metadata have.</summary>
    internal const long LongestAnswer = 128 * 1024 * 1024;

    private const string IndexHeader = "X-Consul-Index";
    private const string FilteredHeader = "X-Consul-Results-Filtered-By-ACLs";

    // Consul holds a query for up to this part of the wait longer, so that clients do not come back all at once.
    private const int JitterDivisor = 16;

    private readonly InstanceReader _reader = new(options);

    internal ConsulDiscoveryOptions Options => options;

    /// <summary>Asks for the instances of a service.</summary>
    /// <exception cref="ConsulDiscoveryException">There was no answer that can be used.</exception>
    internal async Task<ConsulAnswer> AskAsync(ConsulQuery query, CancellationToken cancellationToken)
    {
        var timeLimit = options.RequestTimeout + (query.Index == 0 ? TimeSpan.Zero : options.Wait + (options.Wait / JitterDivisor));
        using var limit = new CancellationTokenSource(timeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        metrics.RequestSent();
        try
        {
            return await AskWithoutLimitAsync(query, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = e as ConsulDiscoveryException ?? Explain(e, timeLimit);
            metrics.Failed(failure.ErrorType);
            throw failure;
        }
    }

    private async Task<ConsulAnswer> AskWithoutLimitAsync(ConsulQuery query, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, query.GetAddress(options));
        using var response = await connection.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await StatusFault.CreateAsync(response, query.Name, connection.Address, cancellationToken).ConfigureAwait(false);
        }

        if (response.Content.Headers.ContentType?.MediaType is { } type && !type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            throw NotUsable($"is {type} and not JSON. Is that the address of Consul?", "content_type");
        }

        await response.Content.LoadIntoBufferAsync(longestAnswer, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var entries = await JsonSerializer.DeserializeAsync(body, ConsulJson.Default.EntryDocumentArray, cancellationToken).ConfigureAwait(false);
        return new ConsulAnswer(
            _reader.Read(entries ?? throw new FormatException("It is null.")),
            ulong.TryParse(GetHeader(response, IndexHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null,
            bool.TryParse(GetHeader(response, FilteredHeader), out var isFiltered) && isFiltered);
    }

    private static string? GetHeader(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private ConsulDiscoveryException Explain(Exception e, TimeSpan timeLimit) => e switch
    {
        OperationCanceledException => new ConsulDiscoveryException($"Consul at {connection.Address} did not answer within {DurationText.Of(timeLimit)}.", e) { ErrorType = "timeout" },
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            NotUsable($"has more than {longestAnswer} bytes.", "too_large", e),
        HttpRequestException or IOException =>
            new ConsulDiscoveryException($"Consul at {connection.Address} cannot be reached: {e.Message}", e) { ErrorType = "connection" },
        JsonException json => NotUsable($"is not what Consul answers, at {json.Path ?? "$"}.", "malformed", e),
        FormatException => NotUsable($"is not what Consul answers. {e.Message}", "malformed", e),
        _ => NotUsable($"cannot be used: {e.Message}", "other", e),
    };

    private ConsulDiscoveryException NotUsable(string reason, string type, Exception? cause = null) =>
        new($"The answer of Consul at {connection.Address} {reason}", cause!) { ErrorType = type };
}
