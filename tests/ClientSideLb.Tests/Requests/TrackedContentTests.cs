using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace ClientSideLb.Tests;

public sealed class TrackedContentTests
{
    private const int Length = 40;

    public static MatrixTheoryData<string, bool> WaysAndArrivals => new(WaysToRead.All.Select(static row => row.Data), [false, true]);

    public static MatrixTheoryData<string, bool> CopiesAndFailures => new(WaysToRead.Copies, [false, true]);

    [Theory]
    [MemberData(nameof(WaysToRead.All), MemberType = typeof(WaysToRead))]
    public async Task Reading_to_the_end_releases_the_lease_once(string way)
    {
        var tracked = new TrackedResponse(new TestBody(Length));
        Assert.True(tracked.IsInFlight);

        Assert.Equal(Length, await tracked.Content.ReadToEndAsync(way));

        Assert.False(tracked.IsInFlight);
        Assert.False(tracked.HasFailed);
        tracked.Response.Dispose();
        Assert.False(tracked.IsInFlight);
    }

    [Theory]
    [MemberData(nameof(WaysToRead.All), MemberType = typeof(WaysToRead))]
    public async Task A_body_that_breaks_off_releases_the_lease_once_counts_as_a_failure_and_shows_its_fault(string way)
    {
        var fault = new IOException("The connection was reset.");
        var tracked = new TrackedResponse(new TestBody(Length, fault));

        var seen = await Record.ExceptionAsync(() => tracked.Content.ReadToEndAsync(way));

        Assert.Same(fault, seen!.GetBaseException());
        Assert.False(tracked.IsInFlight);
        Assert.True(tracked.HasFailed);
        tracked.Response.Dispose();
        Assert.False(tracked.IsInFlight);
    }

    [Fact]
    public async Task A_cancelled_copy_releases_the_lease()
    {
        using var cancellation = new CancellationTokenSource();
        var tracked = new TrackedResponse(new TestBody(Length, hangs: true));
        var copying = tracked.Content.CopyToAsync(Stream.Null, cancellation.Token);
        Assert.True(tracked.IsInFlight);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
        Assert.False(tracked.IsInFlight);
        Assert.False(tracked.HasFailed);
    }

    [Theory]
    [MemberData(nameof(CopiesAndFailures))]
    public async Task A_destination_that_cannot_be_written_to_tells_the_caller_releases_the_lease_and_is_no_failure(string way, bool later)
    {
        var tracked = new TrackedResponse(new TestBody(Length));
        await using var full = new FullDisk(later);

        var seen = await Record.ExceptionAsync(() => tracked.Content.CopyAsync(way, full));

        Assert.Same(full.Fault, seen?.GetBaseException());
        Assert.False(tracked.IsInFlight);
        Assert.False(tracked.HasFailed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_destination_that_cannot_be_flushed_tells_the_caller_and_is_no_failure(bool synchronous)
    {
        var tracked = new TrackedResponse(new HttpResponseMessage { Content = new FlushingContent() }, HttpMethod.Get);
        await using var destination = new UnflushableStream();

        var seen = await Record.ExceptionAsync(() => tracked.Content.CopyAsync(synchronous ? "content: CopyTo" : "content: CopyToAsync", destination));

        Assert.IsType<IOException>(seen?.GetBaseException());
        Assert.False(tracked.IsInFlight);
        Assert.False(tracked.HasFailed);
    }

    [Theory]
    [MemberData(nameof(WaysAndArrivals))]
    public async Task A_body_read_whole_ends_the_row_of_broken_bodies(string way, bool arrivesAtOnce)
    {
        var lab = new ClusterLab(2, static options => options.OutlierDetection.ConsecutiveFailures = 2);
        lab.BreakOff(0);
        HttpContent content = arrivesAtOnce ? new ByteArrayContent(new byte[Length]) : new StreamContent(new TestBody(Length));
        var tracked = new TrackedResponse(new HttpResponseMessage { Content = content }, HttpMethod.Get, lab);

        Assert.Equal(Length, await tracked.Content.ReadToEndAsync(way));

        lab.BreakOff(0);
        Assert.NotEqual(EndpointHealth.Ejected, lab[0].Health);
        lab.BreakOff(0);
        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
    }

    [Fact]
    public async Task A_body_that_is_not_read_to_its_end_does_not_end_the_row_of_broken_bodies()
    {
        var lab = new ClusterLab(2, static options => options.OutlierDetection.ConsecutiveFailures = 2);
        lab.BreakOff(0);
        var tracked = new TrackedResponse(new HttpResponseMessage { Content = new StreamContent(new TestBody(Length)) }, HttpMethod.Get, lab);
        (await tracked.Content.ReadAsStreamAsync()).ReadByte();
        tracked.Response.Dispose();

        lab.BreakOff(0);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
    }

    [Fact]
    public async Task A_body_too_large_for_the_caller_s_buffer_is_no_failure()
    {
        var tracked = new TrackedResponse(new TestBody(Length));

        await Assert.ThrowsAsync<HttpRequestException>(() => tracked.Content.LoadIntoBufferAsync(Length - 1));

        Assert.False(tracked.IsInFlight);
        Assert.False(tracked.HasFailed);
    }

    [Fact]
    public void A_body_that_the_caller_does_not_read_to_its_end_is_no_failure()
    {
        var tracked = new TrackedResponse(new TestBody(Length, new IOException("The connection was reset.")));
        tracked.Content.ReadAsStream().ReadByte();

        tracked.Response.Dispose();

        Assert.False(tracked.HasFailed);
    }

    [Fact]
    public async Task A_read_that_the_disposal_of_the_response_breaks_off_is_no_failure()
    {
        var tracked = new TrackedResponse(new TestBody(0, hangs: true));
        var reading = (await tracked.Content.ReadAsStreamAsync()).ReadAsync(new byte[1]).AsTask();

        tracked.Response.Dispose();

        await Assert.ThrowsAsync<IOException>(() => reading);
        Assert.False(tracked.IsInFlight);
        Assert.False(tracked.HasFailed);
    }

    [Theory]
    [InlineData("GET", HttpStatusCode.SwitchingProtocols)]
    [InlineData("CONNECT", HttpStatusCode.OK)]
    public async Task An_upgraded_connection_that_breaks_off_is_no_failure(string method, HttpStatusCode status)
    {
        var body = new TestBody(Length, new IOException("The connection was reset."));
        var tracked = new TrackedResponse(new HttpResponseMessage(status) { Content = new StreamContent(body) }, new HttpMethod(method));

        await Assert.ThrowsAnyAsync<Exception>(() => tracked.Content.CopyToAsync(Stream.Null));

        Assert.False(tracked.IsInFlight);
        Assert.False(tracked.HasFailed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_an_unread_response_releases_the_lease_once(bool streamIsOpen)
    {
        var body = new TestBody(Length);
        var tracked = new TrackedResponse(body);
        if (streamIsOpen)
        {
            await tracked.Content.ReadAsStreamAsync();
        }

        tracked.Response.Dispose();
        Assert.False(tracked.IsInFlight);
        Assert.True(body.Disposals > 0);

        tracked.Response.Dispose();
        tracked.Content.Dispose();
        Assert.False(tracked.IsInFlight);
    }

    [Fact]
    public async Task A_collection_of_the_youngest_generation_releases_the_lease_of_a_dropped_response()
    {
        // An application may go for hours without a collection of all generations.
        var isInFlight = Abandon();

        await Eventually.TrueAfterCollection(() => !isInFlight(), "the lease is released");
    }

    [Fact]
    public void A_stream_in_use_keeps_its_request_in_flight_when_the_response_is_dropped()
    {
        var (stream, isInFlight) = AbandonAllButTheStream();

        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.True(isInFlight());
        stream.CopyTo(Stream.Null);
        Assert.False(isInFlight());
    }

    [Theory]
    [InlineData("GET", HttpStatusCode.NoContent, null)]
    [InlineData("GET", HttpStatusCode.NotModified, null)]
    [InlineData("GET", HttpStatusCode.OK, 0L)]
    [InlineData("HEAD", HttpStatusCode.OK, 1234L)]
    [InlineData("HEAD", HttpStatusCode.OK, null)]
    public void A_response_without_a_body_releases_the_lease_at_its_headers(string method, HttpStatusCode status, long? length)
    {
        var response = new HttpResponseMessage(status) { Content = new StreamContent(new TestBody(0)) };
        response.Content.Headers.ContentLength = length;
        var content = response.Content;

        var tracked = new TrackedResponse(response, new HttpMethod(method));

        Assert.False(tracked.IsInFlight);
        Assert.Same(content, tracked.Content);
    }

    [Theory]
    [InlineData("GET", HttpStatusCode.OK, null)]
    [InlineData("GET", HttpStatusCode.OK, 40L)]
    [InlineData("POST", HttpStatusCode.InternalServerError, null)]
    [InlineData("GET", HttpStatusCode.SwitchingProtocols, null)]
    [InlineData("GET", HttpStatusCode.SwitchingProtocols, 0L)]
    [InlineData("CONNECT", HttpStatusCode.OK, 0L)]
    public void A_response_with_a_body_or_an_upgraded_connection_is_in_flight_after_its_headers(string method, HttpStatusCode status, long? length)
    {
        var response = new HttpResponseMessage(status) { Content = new StreamContent(new TestBody(Length)) };
        response.Content.Headers.ContentLength = length;

        Assert.True(new TrackedResponse(response, new HttpMethod(method)).IsInFlight);
    }

    [Fact]
    public void Headers_of_the_content_stay_the_same_to_the_letter()
    {
        var response = new HttpResponseMessage { Content = new StreamContent(new TestBody(Length)) };
        var headers = response.Content.Headers;
        Assert.True(headers.TryAddWithoutValidation("Content-Type", "no media type; ;charset=?"));
        Assert.True(headers.TryAddWithoutValidation("Content-Length", "40"));
        Assert.True(headers.TryAddWithoutValidation("Content-Encoding", ["gzip", "br"]));
        Assert.True(headers.TryAddWithoutValidation("Allow", "GET,  POST"));
        Assert.True(headers.TryAddWithoutValidation("Expires", "0"));
        Assert.True(headers.TryAddWithoutValidation("Last-Modified", ""));
        Assert.True(headers.TryAddWithoutValidation("X-Custom", ["a", "b, c", "ü"]));
        var before = Lines(response.Content);

        var tracked = new TrackedResponse(response, HttpMethod.Get);

        Assert.NotSame(headers, tracked.Content.Headers);
        Assert.Equal(before, Lines(tracked.Content));
    }

    [Theory]
    [InlineData("Content-Length: 40")]
    [InlineData("Content-Length: 40", "Content-Type: text/plain")]
    [InlineData("Content-Length: 40", "Content-Encoding: gzip")]
    [InlineData("Content-Length: 40", "Content-Encoding: gzip", "Content-Type: text/plain;charset=x")]
    [InlineData("Content-Type: text/plain")]
    [InlineData("Content-Encoding: gzip")]
    [InlineData("Content-Type: text/plain", "Expires: 0")]
    [InlineData("Content-Length: none", "Content-Type: text/plain")]
    [InlineData("Content-Type: text/plain", "Content-Length: none")]
    public void Headers_stay_the_same_after_their_length_has_been_parsed(params string[] lines)
    {
        using var content = new StreamContent(new TestBody(Length));
        Add(lines, content);
        _ = content.Headers.ContentLength;

        var tracked = Track(content);

        Assert.Equal(lines.Order(), Lines(tracked.Content));
    }

    [Theory]
    [InlineData("content-length: 40", "content-type: text/plain")]
    [InlineData("content-length: 40", "content-type: text/plain", "content-encoding: gzip")]
    public void Header_names_in_another_case_keep_their_meaning(params string[] lines)
    {
        var tracked = Track(new StreamContent(new TestBody(Length)), lines);

        Assert.Equal(lines.Order(), Lines(tracked.Content), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(40, tracked.Content.Headers.ContentLength);
    }

    [Fact]
    public void The_first_of_several_lengths_is_handed_on()
    {
        var tracked = Track(new StreamContent(new TestBody(Length)), "Content-Length: 40", "Content-Length: 41");

        Assert.Equal(["Content-Length: 40"], Lines(tracked.Content));
        Assert.Equal(40, tracked.Content.Headers.ContentLength);
    }

    [Fact]
    public void A_length_that_is_no_number_becomes_the_one_that_the_content_computes()
    {
        var tracked = Track(new ByteArrayContent(new byte[40]), "Content-Length: none");

        Assert.Equal(["Content-Length: 40"], Lines(tracked.Content));
    }

    [Fact]
    public void A_length_that_no_header_gives_is_not_added_to_the_headers()
    {
        var content = new ByteArrayContent(new byte[40]);

        var tracked = Track(content, "Content-Language: de");

        Assert.Equal(["Content-Language: de"], Lines(content));
        Assert.Equal(["Content-Language: de"], Lines(tracked.Content));
        Assert.Equal(40, tracked.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task The_text_is_decoded_by_the_charset_of_its_header()
    {
        var tracked = Track(new StringContent("Grüße", Encoding.Latin1));

        Assert.Equal("Grüße", await tracked.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(40L)]
    [InlineData(null)]
    public void The_length_is_the_one_that_the_header_gives(long? length)
    {
        using var content = new StreamContent(new TestBody(Length));
        content.Headers.ContentLength = length;

        Assert.Equal(length, Track(content).Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Buffered_content_can_be_read_again_after_the_release()
    {
        var tracked = new TrackedResponse(new TestBody(Length));
        await tracked.Content.LoadIntoBufferAsync();

        Assert.Equal(new string('x', Length), await tracked.Content.ReadAsStringAsync());
        Assert.Equal(new string('x', Length), await new StreamReader(await tracked.Content.ReadAsStreamAsync()).ReadToEndAsync());
        Assert.False(tracked.IsInFlight);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Func<bool> Abandon()
    {
        var tracked = new TrackedResponse(new TestBody(Length));
        tracked.Content.ReadAsStream().ReadByte();
        Assert.True(tracked.IsInFlight);
        return tracked.Watch();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Stream Stream, Func<bool> IsInFlight) AbandonAllButTheStream()
    {
        var tracked = new TrackedResponse(new TestBody(Length));
        return (tracked.Content.ReadAsStream(), tracked.Watch());
    }

    private static TrackedResponse Track(HttpContent content, params string[] headers)
    {
        Add(headers, content);
        return new TrackedResponse(new HttpResponseMessage { Content = content }, HttpMethod.Get);
    }

    private static void Add(IEnumerable<string> lines, HttpContent content)
    {
        foreach (var parts in lines.Select(static line => line.Split(": ")))
        {
            Assert.True(content.Headers.TryAddWithoutValidation(parts[0], parts[1]));
        }
    }

    private static List<string> Lines(HttpContent content) =>
        [.. content.Headers.NonValidated.Select(static header => $"{header.Key}: {string.Join('|', header.Value)}").Order()];

    // A content may flush the destination itself.
    private sealed class FlushingContent : HttpContent
    {
        protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            stream.Write(new byte[Length]);
            stream.Flush();
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[Length]);
            await stream.FlushAsync();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Length;
            return true;
        }
    }

    // As a stream does that keeps what is written until it is flushed.
    private sealed class UnflushableStream : MemoryStream
    {
        public override void Flush() => throw new IOException("There is no space left.");

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            Flush();
        }
    }
}
