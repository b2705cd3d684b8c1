using System.Net;
using System.Net.Http.Json;
using System.Text;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Tests.Chaos;

/// <summary>Every method and every kind of content, with every result of an attempt: which requests move?</summary>
public sealed class FailoverRulesTests : IAsyncDisposable
{
    private const string Text = "größer als ASCII";

    private static readonly string[] Idempotent = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"];
    private static readonly string[] NotIdempotent = ["POST", "PATCH", "REPORT"];
    private static readonly string[] Repeatable = ["none", "string", "bytes", "memory", "form", "json", "multipart"];
    private static readonly string[] NotRepeatable = ["stream", "multipart with a stream", "of an unknown type"];

    private readonly List<byte[]> _bodies = [];
    private BackendFleet? _fleet;

    public static TheoryData<string, bool> Outcomes => new()
    {
        { "502", true },
        { "503", true },
        { "504", true },
        { "reset", true },
        { "200", false },
        { "404", false },
        { "429", false },
        { "500", false },
        { "501", false },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task An_idempotent_method_with_repeatable_content_moves_after_a_failure_and_nothing_else_does(string outcome, bool isFailure)
    {
        await using var client = await StartAsync(outcome, options => { });
        foreach (var method in (string[])[.. Idempotent, .. NotIdempotent])
        {
            foreach (var content in (string[])[.. Repeatable, .. NotRepeatable])
            {
                var moves = isFailure && Idempotent.Contains(method) && Repeatable.Contains(content);
                await AssertMovesAsync(client, method, content, moves);
            }
        }
    }

    [Fact]
    public async Task An_idempotent_method_with_repeatable_content_moves_after_an_attempt_timeout_and_nothing_else_does()
    {
        await using var client = await StartAsync("hung", options => options.Failover.AttemptTimeout = TimeSpan.FromMilliseconds(250));
        await AssertMovesAsync(client, "GET", "none", moves: true);
        await AssertMovesAsync(client, "PUT", "json", moves: true);
        await AssertMovesAsync(client, "PUT", "stream", moves: false);
        await AssertMovesAsync(client, "POST", "string", moves: false);

        _bodies.Clear();
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PostAsync("/", content: null));
        Assert.IsType<TimeoutException>(failure.InnerException);
    }

    [Fact]
    public async Task Every_request_moves_from_a_port_where_nothing_listens_whatever_the_budget()
    {
        await using var good = await Backend.StartAsync(ReceiveAsync);
        var closed = new Uri($"http://127.0.0.1:{FreePort.Take()}/");
        await using var client = BalancedClient.Of([good.Address, closed], static options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.OutlierDetection.Enabled = false;
            options.Failover.RetryBudget = 0;
            options.Failover.MinimumRetriesPerSecond = 0;
        });

        foreach (var method in (string[])[.. Idempotent, .. NotIdempotent])
        {
            foreach (var content in (string[])[.. Repeatable, .. NotRepeatable])
            {
                // One of two requests goes to the closed port first.
                for (var i = 0; i < 2; i++)
                {
                    _bodies.Clear();
                    using var request = Request(method, content);
                    using var response = await client.Http.SendAsync(request);

                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                    Assert.Equal(good.Address, request.GetEndpoint()!.Address);
                    await AssertBodyAsync(method, content, Assert.Single(_bodies));
                }
            }
        }

        Assert.Equal(0, client.InFlight);
    }

    public async ValueTask DisposeAsync()
    {
        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }
    }

    private async Task AssertMovesAsync(BalancedClient client, string method, string content, bool moves)
    {
        _bodies.Clear();
        var counts = _fleet!.Counts;
        using var request = Request(method, content);
        try
        {
            using var response = await client.Http.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode || !moves, $"{method} with content {content} was to move");
        }
        catch (HttpRequestException failure)
        {
            Assert.False(moves, $"{method} with content {content} was to move, but {failure}");
        }

        var attempts = _fleet.Counts.Zip(counts, static (now, before) => now - before).Order().ToArray();
        Assert.True(attempts.SequenceEqual(moves ? [0, 1, 1] : [0, 0, 1]), $"{method} with content {content}: {string.Join(' ', attempts)} attempts");
        foreach (var body in _bodies)
        {
            await AssertBodyAsync(method, content, body);
        }

        Assert.Equal(moves ? 2 : 1, _bodies.Count);
        Assert.Equal(0, client.InFlight);
    }

    // The first attempt of each request has this outcome at any backend. The second is answered.
    private async Task<BalancedClient> StartAsync(string outcome, Action<LoadBalancingOptions> configure)
    {
        _fleet = await BackendFleet.StartAsync(3, async context =>
        {
            await ReceiveAsync(context);
            if (_bodies.Count > 1)
            {
                return;
            }

            await (outcome switch
            {
                "reset" => Answers.ResetAsync(context),
                "hung" => Answers.HangAsync(context),
                _ => Answers.Status(int.Parse(outcome))(context),
            });
        });
        return BalancedClient.Of(_fleet, options =>
        {
            options.OutlierDetection.Enabled = false;
            options.Failover.MinimumRetriesPerSecond = 1000;
            configure(options);
        });
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _bodies.Add(body.ToArray());
    }

    private static HttpRequestMessage Request(string method, string content) =>
        new(new HttpMethod(method), "/order") { Content = Content(content) };

    private static async Task AssertBodyAsync(string method, string content, byte[] received)
    {
        using var expected = Content(content);
        var sent = expected is null ? [] : await expected.ReadAsByteArrayAsync();
        Assert.True(sent.SequenceEqual(received), $"{method} with content {content}: received {Encoding.UTF8.GetString(received)}");
    }

    private static HttpContent? Content(string kind) => kind switch
    {
        "none" => null,
        "string" => new StringContent(Text),
        "bytes" => new ByteArrayContent(Encoding.UTF8.GetBytes(Text)),
        "memory" => new ReadOnlyMemoryContent(Encoding.UTF8.GetBytes(Text)),
        "form" => new FormUrlEncodedContent([KeyValuePair.Create("name", Text)]),
        "json" => JsonContent.Create(new { Text }),
        "multipart" => new MultipartFormDataContent("boundary") { { new StringContent(Text), "name" }, { new ByteArrayContent([1, 2]), "file" } },
        "stream" => new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(Text))),
        "multipart with a stream" => new MultipartFormDataContent("boundary") { { new StreamContent(new MemoryStream([1, 2])), "file" } },
        _ => new UnknownContent(),
    };

    private sealed class UnknownContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            stream.WriteAsync(Encoding.UTF8.GetBytes(Text)).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
