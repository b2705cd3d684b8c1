using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using ClientSideLb;

namespace AiEndpoints;

/// <summary>The client of the model, set up as an application would.</summary>
internal sealed class ChatClient : IDisposable
{
    internal const string EndOfStream = "[DONE]";

    private readonly ServiceProvider _services;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    internal ChatClient(IReadOnlyList<Deployment> deployments, bool moveRejected, TimeProvider time)
    {
        var keys = deployments.ToDictionary(static deployment => deployment.Address.Authority, static deployment => deployment.Key);
        var services = new ServiceCollection();
        services.AddHttpClient("model")
            .AddLoadBalancing(options =>
            {
                foreach (var deployment in deployments)
                {
                    options.Endpoints.Add(new EndpointOptions { Address = deployment.Address });
                }

                // It prefers the deployment whose first token comes soonest. So that one spends its quota first.
                options.Strategy = LoadBalancingStrategies.PeakEwma;
                options.Failover.MoveRejected = moveRejected;
            })
            .AddHttpMessageHandler(() => new DeploymentKeyHandler(keys));
        _services = services.BuildServiceProvider();
        _http = _services.GetRequiredService<IHttpClientFactory>().CreateClient("model");
        _time = time;
    }

    /// <summary>Sends a chat, and reads its whole answer.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="onHeaders">Called when the headers of the response are there, or the request has failed.</param>
    /// <param name="cancellationToken">The cancellation.</param>
    internal async Task<Answer> SendAsync(Chat chat, Action onHeaders, CancellationToken cancellationToken)
    {
        var sent = _time.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat.Path) { Content = chat.CreateContent() };
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException)
        {
            return new Answer(AnswerKind.Failed);
        }
        finally
        {
            onHeaders();
        }

        using (response)
        {
            var elapsed = _time.GetElapsedTime(sent);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                // A request without an endpoint was not sent: the balancer knew that no deployment has room.
                var kind = request.GetEndpoint() is null ? AnswerKind.RejectedUnsent : AnswerKind.Rejected;
                return new Answer(kind) { Elapsed = elapsed, RetryAfter = response.Headers.RetryAfter?.Delta };
            }

            return response.IsSuccessStatusCode && await ReadAsync(response, cancellationToken) is { Length: > 0 }
                ? new Answer(chat.IsStreamed ? AnswerKind.Streamed : AnswerKind.Whole) { Elapsed = elapsed }
                : new Answer(AnswerKind.Failed);
        }
    }

    public void Dispose() => _services.Dispose();

    // Returns null if the text is not whole.
    private static async Task<string?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            if (response.Content.Headers.ContentType is not MediaTypeHeaderValue { MediaType: "text/event-stream" })
            {
                return GetText(await JsonNode.ParseAsync(body, cancellationToken: cancellationToken), "message");
            }

            var text = "";
            await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
            {
                if (item.Data == EndOfStream)
                {
                    return text;
                }

                text += GetText(JsonNode.Parse(item.Data), "delta");
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The answer broke off.
        }

        return null;
    }

    private static string? GetText(JsonNode? json, string part) => (string?)json?["choices"]?[0]?[part]?["content"];
}
