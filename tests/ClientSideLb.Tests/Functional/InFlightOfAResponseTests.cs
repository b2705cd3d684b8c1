using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClientSideLb.Tests.Functional;

/// <summary>A request counts in flight until its response's body has ended, however that ends.</summary>
public sealed class InFlightOfAResponseTests
{
    private const int HalfLength = 100_000;

    public enum Reading
    {
        ReadAsString,
        ReadAsBytes,
        LoadIntoBuffer,
        CopyContentTo,
        StreamRead,
        StreamReadAsync,
        StreamReadByte,
        StreamReadArrayAsync,
        StreamBeginRead,
        StreamCopyTo,
        StreamCopyToAsync,
        SynchronousStream,
    }

    public static TheoryData<Reading, bool> Readings => new(
        from reading in Enum.GetValues<Reading>() from chunked in new[] { false, true } select (reading, chunked));

    [Fact]
    public async Task A_buffered_response_counts_until_it_has_arrived()
    {
        var headers = new Gate();
        var middle = new Gate();
        await using var backend = await Backend.StartAsync(async context =>
        {
            await headers.HoldAsync(context);
            await AnswerInHalvesAsync(context, middle);
        });
        await using var client = BalancedClient.Of(backend);

        var answer = client.Http.GetAsync("/");
        await headers.Arrived;
        Assert.Equal(1, client.InFlight);

        headers.Open();
        await middle.Arrived;
        Assert.Equal(1, client.InFlight);

        middle.Open();
        using var response = await Eventually.Done(answer);
        Assert.Equal(0, client.InFlight);
        Assert.Equal(2 * HalfLength, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [MemberData(nameof(Readings))]
    public async Task A_streaming_response_counts_until_its_end_has_been_read(Reading reading, bool chunked)
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(context => AnswerInHalvesAsync(context, gate, chunked));
        await using var client = BalancedClient.Of(backend);

        using var response = await StreamAsync(client);
        Assert.Equal(1, client.InFlight);

        var read = Task.Run(() => ReadToEndAsync(response.Content, reading));
        await gate.Arrived;
        Assert.Equal(1, client.InFlight);

        gate.Open();
        Assert.Equal(2 * HalfLength, await Eventually.Done(read));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_streaming_response_of_the_synchronous_Send_counts_until_its_end_has_been_read()
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(context => AnswerInHalvesAsync(context, gate));
        await using var client = BalancedClient.Of(backend);

        using var response = await Eventually.Done(Task.Run(() =>
            client.Http.Send(new HttpRequestMessage(HttpMethod.Get, "/"), HttpCompletionOption.ResponseHeadersRead)));
        Assert.Equal(1, client.InFlight);

        var read = Task.Run(() => ReadToEndAsync(response.Content, Reading.SynchronousStream));
        await gate.Arrived;
        Assert.Equal(1, client.InFlight);

        gate.Open();
        Assert.Equal(2 * HalfLength, await Eventually.Done(read));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_buffered_response_of_the_synchronous_Send_counts_until_it_has_arrived()
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(context => AnswerInHalvesAsync(context, gate));
        await using var client = BalancedClient.Of(backend);

        var answer = Task.Run(() => client.Http.Send(new HttpRequestMessage(HttpMethod.Get, "/")));
        await gate.Arrived;
        Assert.Equal(1, client.InFlight);

        gate.Open();
        using var response = await Eventually.Done(answer);
        Assert.Equal(0, client.InFlight);
        Assert.Equal(2 * HalfLength, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task A_response_disposed_half_way_no_longer_counts()
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(context => AnswerInHalvesAsync(context, gate));
        await using var client = BalancedClient.Of(backend);

        var response = await StreamAsync(client);
        var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[HalfLength]);
        Assert.Equal(1, client.InFlight);

        response.Dispose();
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_disposed_half_way_no_longer_counts(bool asynchronously)
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(context => AnswerInHalvesAsync(context, gate));
        await using var client = BalancedClient.Of(backend);

        using var response = await StreamAsync(client);
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

    [Fact]
    public async Task A_response_disposed_unread_no_longer_counts()
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(context => AnswerInHalvesAsync(context, gate));
        await using var client = BalancedClient.Of(backend);

        var response = await StreamAsync(client);
        Assert.Equal(1, client.InFlight);

        response.Dispose();
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_response_abandoned_without_disposal_no_longer_counts_once_it_has_been_collected(bool partlyRead)
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(context => AnswerInHalvesAsync(context, gate));
        await using var client = BalancedClient.Of(backend);

        await AbandonAsync(client, partlyRead);

        await AssertNoticedAsync(client);
        Assert.False(gate.Opened);
    }

    [Fact]
    public async Task Nor_does_one_with_an_attempt_timeout_whose_caller_s_cancellation_would_dispose_of_it()
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(context => AnswerInHalvesAsync(context, gate));
        await using var client = BalancedClient.Of(backend, static options => options.Failover.AttemptTimeout = TimeSpan.FromMinutes(1));

        await AbandonCancellableAsync(client);

        await AssertNoticedAsync(client);
        Assert.False(gate.Opened);
    }

    [Fact]
    public async Task Asking_whether_there_is_something_to_read_does_not_end_a_response()
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(context => AnswerInHalvesAsync(context, gate));
        await using var client = BalancedClient.Of(backend);

        using var response = await StreamAsync(client);
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
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(async context =>
        {
            await gate.HoldAsync(context);
            context.Response.StatusCode = (int)status;
            context.Response.ContentLength = length;
        });
        await using var client = BalancedClient.Of(backend);

        var answer = client.Http.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), "/"), HttpCompletionOption.ResponseHeadersRead);
        await gate.Arrived;
        Assert.Equal(1, client.InFlight);

        gate.Open();
        using var response = await Eventually.Done(answer);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task Headers_of_the_content_and_trailers_are_as_the_backend_sent_them()
    {
        // Kestrel has trailers for HTTP/2 alone.
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

    // What the method leaves behind must not live on in a register or a slot of the test's own frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AbandonAsync(BalancedClient client, bool partlyRead)
    {
        var response = await StreamAsync(client);
        if (partlyRead)
        {
            var stream = await response.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[10]);
        }

        Assert.Equal(1, client.InFlight);
    }

    private static Task AssertNoticedAsync(BalancedClient client) => Eventually.True(
        () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return client.InFlight == 0;
        },
        "an abandoned response is no longer in flight");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AbandonCancellableAsync(BalancedClient client)
    {
        var caller = new CancellationTokenSource();
        var response = await Eventually.Done(client.Http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, caller.Token));
        caller.Token.Register(static response => ((HttpResponseMessage)response!).Dispose(), response);
        Assert.Equal(1, client.InFlight);
    }

    private static Task<HttpResponseMessage> StreamAsync(BalancedClient client) =>
        Eventually.Done(client.Http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead));

    private static async Task AnswerInHalvesAsync(HttpContext context, Gate gate, bool chunked = false)
    {
        context.Response.ContentLength = chunked ? null : 2 * HalfLength;
        await context.Response.Body.WriteAsync(new byte[HalfLength]);
        await context.Response.Body.FlushAsync();
        await gate.HoldAsync(context);
        await context.Response.Body.WriteAsync(new byte[HalfLength]);
    }

    private static async Task<long> ReadToEndAsync(HttpContent content, Reading reading)
    {
        var buffer = new byte[64 * 1024];
        using var copy = new MemoryStream();
        switch (reading)
        {
            case Reading.ReadAsString:
                return (await content.ReadAsStringAsync()).Length;
            case Reading.ReadAsBytes:
                return (await content.ReadAsByteArrayAsync()).Length;
            case Reading.LoadIntoBuffer:
                await content.LoadIntoBufferAsync();
                return content.Headers.ContentLength!.Value;
            case Reading.CopyContentTo:
                await content.CopyToAsync(copy);
                return copy.Length;
            case Reading.StreamCopyToAsync:
                await (await content.ReadAsStreamAsync()).CopyToAsync(copy);
                return copy.Length;
            case Reading.StreamCopyTo:
                (await content.ReadAsStreamAsync()).CopyTo(copy);
                return copy.Length;
        }

        var stream = reading == Reading.SynchronousStream ? content.ReadAsStream() : await content.ReadAsStreamAsync();
        var total = 0L;
        while (true)
        {
            var read = reading switch
            {
                Reading.StreamReadAsync => await stream.ReadAsync(buffer),
#pragma warning disable CA1835 // The older overloads are what is under test.
                Reading.StreamReadArrayAsync => await stream.ReadAsync(buffer, 0, buffer.Length),
#pragma warning restore CA1835
                Reading.StreamBeginRead => await Task.Factory.FromAsync(stream.BeginRead, stream.EndRead, buffer, 0, buffer.Length, null),
                Reading.StreamReadByte => stream.ReadByte() < 0 ? 0 : 1,
                _ => stream.Read(buffer, 0, buffer.Length),
            };
            if (read == 0)
            {
                return total;
            }

            total += read;
        }
    }
}
