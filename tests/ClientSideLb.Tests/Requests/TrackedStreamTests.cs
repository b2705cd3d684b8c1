using System.Net;

namespace ClientSideLb.Tests;

#pragma warning disable CA1835 // The overloads for arrays are to be tested, too.

public sealed class TrackedStreamTests
{
    private const int Length = 40;

    private static readonly Dictionary<string, Func<Stream, Task<int>>> Reads = new()
    {
        ["Read into a span"] = static stream => ToEnd(() => Task.FromResult(stream.Read(new byte[16].AsSpan()))),
        ["Read into an array"] = static stream => ToEnd(() => Task.FromResult(stream.Read(new byte[16], 0, 16))),
        ["ReadByte"] = static stream => ToEnd(() => Task.FromResult(stream.ReadByte() < 0 ? 0 : 1)),
        ["ReadAsync into memory"] = static stream => ToEnd(() => stream.ReadAsync(new byte[16].AsMemory()).AsTask()),
        ["ReadAsync into an array"] = static stream => ToEnd(() => stream.ReadAsync(new byte[16], 0, 16)),
        ["BeginRead"] = static stream => ToEnd(() => Task.Factory.FromAsync(stream.BeginRead, stream.EndRead, new byte[16], 0, 16, state: null)),
        ["ReadAtLeast"] = static stream => Task.FromResult(stream.ReadAtLeast(new byte[100], 100, throwOnEndOfStream: false)),
        ["CopyTo"] = static stream =>
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return Task.FromResult((int)copy.Length);
        },
        ["CopyToAsync"] = static async stream =>
        {
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            return (int)copy.Length;
        },
        ["A reader"] = static async stream => (await new StreamReader(stream).ReadToEndAsync()).Length,
    };

    public static TheoryData<string> WaysToRead => [.. Reads.Keys];

    [Theory]
    [MemberData(nameof(WaysToRead))]
    public async Task Reading_to_the_end_releases_once(string way)
    {
        var tracked = new TrackedResponse(new TestBody(Length));
        var stream = await tracked.Content.ReadAsStreamAsync();
        Assert.True(tracked.IsInFlight);

        Assert.Equal(Length, await Reads[way](stream));

        Assert.False(tracked.IsInFlight);
        Assert.False(tracked.HasFailed);
        await stream.DisposeAsync();
        tracked.Response.Dispose();
        Assert.False(tracked.IsInFlight);
    }

    [Theory]
    [MemberData(nameof(WaysToRead))]
    public async Task A_body_that_breaks_off_releases_once_counts_as_a_failure_and_the_fault_is_seen(string way)
    {
        var fault = new IOException("The connection was reset.");
        var tracked = new TrackedResponse(new TestBody(Length, fault));
        var stream = await tracked.Content.ReadAsStreamAsync();

        Assert.Same(fault, await Record.ExceptionAsync(() => Reads[way](stream)));

        Assert.False(tracked.IsInFlight);
        Assert.True(tracked.HasFailed);
        tracked.Response.Dispose();
        Assert.False(tracked.IsInFlight);
    }

    [Fact]
    public async Task A_cancelled_read_releases()
    {
        using var cancellation = new CancellationTokenSource();
        var tracked = new TrackedResponse(new TestBody(Length, hangs: true));
        var stream = await tracked.Content.ReadAsStreamAsync();
        var copying = stream.CopyToAsync(Stream.Null, cancellation.Token);
        var other = new TrackedResponse(new TestBody(0, hangs: true));
        var reading = (await other.Content.ReadAsStreamAsync()).ReadAsync(new byte[16], cancellation.Token);
        Assert.True(tracked.IsInFlight && other.IsInFlight);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.AsTask());
        Assert.False(tracked.IsInFlight || other.IsInFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_a_stream_half_read_releases_and_disposes_the_connection_s(bool asynchronously)
    {
        var body = new TestBody(Length);
        var tracked = new TrackedResponse(body);
        var stream = await tracked.Content.ReadAsStreamAsync();
        Assert.Equal(7, stream.Read(new byte[16]));
        Assert.True(tracked.IsInFlight);

        if (asynchronously)
        {
            await stream.DisposeAsync();
        }
        else
        {
            stream.Dispose();
        }

        Assert.False(tracked.IsInFlight);
        Assert.True(body.Disposals > 0);
    }

    [Fact]
    public async Task A_read_of_no_bytes_is_not_the_end()
    {
        var tracked = new TrackedResponse(new TestBody(Length));
        var stream = await tracked.Content.ReadAsStreamAsync();

        Assert.Equal(0, stream.Read([], 0, 0));
        Assert.Equal(0, stream.Read(Span<byte>.Empty));
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(0, await stream.ReadAsync([], 0, 0));

        Assert.True(tracked.IsInFlight);
        Assert.Equal(Length, await Reads["CopyTo"](stream));
        Assert.False(tracked.IsInFlight);
    }

    [Fact]
    public async Task What_is_written_to_an_upgraded_connection_arrives_and_keeps_it_in_flight()
    {
        var body = new TestBody(Length);
        var response = new HttpResponseMessage(HttpStatusCode.SwitchingProtocols) { Content = new ConnectionContent(body) };
        var tracked = new TrackedResponse(response, HttpMethod.Get);
        var stream = await tracked.Content.ReadAsStreamAsync();
        Assert.True(stream.CanWrite);

        stream.WriteByte(1);
        stream.Write([2]);
        stream.Write([3], 0, 1);
        await stream.WriteAsync(new byte[] { 4 }.AsMemory());
        await stream.WriteAsync(new byte[] { 5 }, 0, 1);
        await Task.Factory.FromAsync(stream.BeginWrite, stream.EndWrite, new byte[] { 6 }, 0, 1, state: null);
        await stream.FlushAsync();

        Assert.Equal([1, 2, 3, 4, 5, 6], body.Written.ToArray());
        Assert.True(tracked.IsInFlight);
    }

    private static async Task<int> ToEnd(Func<Task<int>> read)
    {
        var total = 0;
        while (await read() is > 0 and var count)
        {
            total += count;
        }

        return total;
    }

    // StreamContent would not let anyone write.
    private sealed class ConnectionContent(Stream connection) : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(connection);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
