using System.Net;

namespace ClientSideLb.Tests;

#pragma warning disable CA1835 // The overloads for arrays are to be tested, too.

public sealed class TrackedStreamTests
{
    private const int Length = 40;

    [Fact]
    public async Task A_cancelled_read_releases_the_lease()
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
    public async Task Disposing_a_half_read_stream_releases_the_lease_and_disposes_of_the_connection_s_stream(bool asynchronously)
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
        stream.CopyTo(Stream.Null);
        Assert.False(tracked.IsInFlight);
    }

    [Fact]
    public async Task An_upgraded_connection_can_be_written_to_and_stays_in_flight()
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

    // A stream of StreamContent cannot be written to.
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
