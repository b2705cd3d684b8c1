using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClientSideLb.Tests.Functional;

/// <summary>A request counts in flight until its response's body has ended, however that ends.</summary>
public sealed class InFlightOfAResponseTests
{
    private const int HalfLength = 100_000;

    public static TheoryData<string, bool> WaysAndEncodings => new(
        from row in WaysToRead.All from chunked in new[] { false, true } select (row.Data, chunked));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_buffered_response_counts_until_it_has_arrived(bool synchronous)
    {
        var headers = new Gate();
        await using var client = await GatedClient.StartAsync(async (context, middle) =>
        {
            await headers.HoldAsync(context);
            await AnswerInHalvesAsync(context, middle);
        });

        var answer = client.SendAsync(synchronous);
        await headers.Arrived;
        Assert.Equal(1, client.InFlight);

        headers.Open();
        await client.Gate.Arrived;
        Assert.Equal(1, client.InFlight);

        client.Gate.Open();
        using var response = await Eventually.Done(answer);
        Assert.Equal(0, client.InFlight);
        Assert.Equal(2 * HalfLength, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [MemberData(nameof(WaysAndEncodings))]
    public async Task A_streaming_response_counts_until_its_end_has_been_read(string way, bool chunked)
    {
        await using var client = await GatedClient.StartAsync((context, gate) => AnswerInHalvesAsync(context, gate, chunked));

        using var response = await client.StreamAsync();

        await AssertCountsUntilReadAsync(client, response, way);
    }

    [Fact]
    public async Task A_streaming_response_of_the_synchronous_Send_counts_until_its_end_has_been_read()
    {
        await using var client = await GatedClient.StartAsync(AnswerInHalvesAsync);

        using var response = await Eventually.Done(Task.Run(() =>
            client.Http.Send(new HttpRequestMessage(HttpMethod.Get, "/"), HttpCompletionOption.ResponseHeadersRead)));

        await AssertCountsUntilReadAsync(client, response, "synchronous stream: Read into an array");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_response_that_is_disposed_of_no_longer_counts(bool halfRead)
    {
        await using var client = await GatedClient.StartAsync(AnswerInHalvesAsync);
        var response = await client.StreamAsync();
        if (halfRead)
        {
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[HalfLength]);
        }

        Assert.Equal(1, client.InFlight);

        response.Dispose();
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_is_disposed_of_half_way_no_longer_counts(bool asynchronously)
    {
        await using var client = await GatedClient.StartAsync(AnswerInHalvesAsync);
        using var response = await client.StreamAsync();
        var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[HalfLength]);
        Assert.Equal(1, client.InFlight);

        if (asynchronously)
        {
            await stream.DisposeAsync();
        }
        else
        {
            stream.Dispose();
        }

        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_response_that_the_caller_drops_no_longer_counts_once_it_has_been_collected(bool partlyRead)
    {
        await using var client = await GatedClient.StartAsync(AnswerInHalvesAsync);

        await DropAsync(client, partlyRead);

        await AssertNoticedAsync(client);
    }

    [Fact]
    public async Task A_dropped_response_that_a_cancellation_would_dispose_of_is_collected_although_attempts_have_a_timeout()
    {
        await using var client = await GatedClient.StartAsync(AnswerInHalvesAsync, static options => options.Failover.AttemptTimeout = TimeSpan.FromMinutes(1));

        await DropCancellableAsync(client);

        await AssertNoticedAsync(client);
    }

    [Fact]
    public async Task A_read_of_no_bytes_does_not_end_a_response()
    {
        await using var client = await GatedClient.StartAsync(AnswerInHalvesAsync);

        using var response = await client.StreamAsync();
        var stream = await response.Content.ReadAsStreamAsync();
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));

        Assert.Equal(1, client.InFlight);
    }

    [Theory]
    [InlineData("HEAD", HttpStatusCode.OK, 1000)]
    [InlineData("GET", HttpStatusCode.NoContent, null)]
    [InlineData("GET", HttpStatusCode.NotModified, null)]
    [InlineData("GET", HttpStatusCode.OK, 0)]
    public async Task A_response_without_a_body_counts_until_its_headers(string method, HttpStatusCode status, int? length)
    {
        await using var client = await GatedClient.StartAsync(async (context, gate) =>
        {
            await gate.HoldAsync(context);
            context.Response.StatusCode = (int)status;
            context.Response.ContentLength = length;
        });

        var answer = client.Http.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), "/"), HttpCompletionOption.ResponseHeadersRead);
        await client.Gate.Arrived;
        Assert.Equal(1, client.InFlight);

        client.Gate.Open();
        using var response = await Eventually.Done(answer);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task Headers_of_the_content_and_trailers_are_as_the_backend_sent_them()
    {
        // Kestrel sends trailers over HTTP/2 only.
        await using var backend = await Backend.StartAsync(
            async context =>
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.Headers.ContentLanguage = new(["de", "en"]);
            context.Response.Headers.Append("Expires", "0");
            context.Response.DeclareTrailer("X-Check");
            await context.Response.WriteAsync("ok");
            context.Response.AppendTrailer("X-Check", "sum");
        },
            HttpProtocols.Http2);
        await using var client = BalancedClient.Of(backend);
        client.Http.DefaultRequestVersion = HttpVersion.Version20;
        client.Http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        using var response = await client.Http.GetAsync("/");

        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(["de", "en"], response.Content.Headers.ContentLanguage);
        Assert.Equal("0", Assert.Single(response.Content.Headers.NonValidated["Expires"]));
        Assert.Equal("sum", Assert.Single(response.TrailingHeaders.GetValues("X-Check")));
    }

    private static async Task AssertCountsUntilReadAsync(GatedClient client, HttpResponseMessage response, string way)
    {
        Assert.Equal(1, client.InFlight);

        var read = Task.Run(() => response.Content.ReadToEndAsync(way));
        await client.Gate.Arrived;
        Assert.Equal(1, client.InFlight);

        client.Gate.Open();
        Assert.Equal(2 * HalfLength, await Eventually.Done(read));
        Assert.Equal(0, client.InFlight);
    }

    // In a method of its own, so that no register or slot of the test's frame keeps the response alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task DropAsync(GatedClient client, bool partlyRead)
    {
        var response = await client.StreamAsync();
        if (partlyRead)
        {
            var stream = await response.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[10]);
        }

        Assert.Equal(1, client.InFlight);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task DropCancellableAsync(GatedClient client)
    {
        var caller = new CancellationTokenSource();
        var response = await Eventually.Done(client.Http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, caller.Token));
        caller.Token.Register(static response => ((HttpResponseMessage)response!).Dispose(), response);
        Assert.Equal(1, client.InFlight);
    }

    private static async Task AssertNoticedAsync(GatedClient client)
    {
        await Eventually.TrueAfterCollection(() => client.InFlight == 0, "the response no longer counts", GC.MaxGeneration);
        Assert.False(client.Gate.Opened);
    }

    private static Task AnswerInHalvesAsync(HttpContext context, Gate gate) => AnswerInHalvesAsync(context, gate, chunked: false);

    private static async Task AnswerInHalvesAsync(HttpContext context, Gate gate, bool chunked)
    {
        context.Response.ContentLength = chunked ? null : 2 * HalfLength;
        await context.Response.Body.WriteAsync(new byte[HalfLength]);
        await context.Response.Body.FlushAsync();
        await gate.HoldAsync(context);
        await context.Response.Body.WriteAsync(new byte[HalfLength]);
    }
}
