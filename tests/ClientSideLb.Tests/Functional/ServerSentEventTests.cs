using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Tests.Functional;

public sealed class ServerSentEventTests
{
    [Fact]
    public async Task An_event_stream_counts_in_flight_until_the_backend_ends_it()
    {
        await using var client = await GatedClient.StartAsync(SendEventsAsync);
        using var response = await client.Http.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        var events = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();

        Assert.Equal(["1", "2", "3"], await TakeAsync(events, 3));
        Assert.Equal(1, client.InFlight);

        client.Gate.Open();
        Assert.Equal(["4"], await TakeAsync(events, 10));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task An_event_stream_that_the_client_leaves_no_longer_counts()
    {
        await using var client = await GatedClient.StartAsync(SendEventsAsync);
        using (var response = await client.Http.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead))
        {
            var events = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
            Assert.Equal(["1", "2", "3"], await TakeAsync(events, 3));
            Assert.Equal(1, client.InFlight);
        }

        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task An_event_stream_that_the_client_cancels_no_longer_counts()
    {
        await using var client = await GatedClient.StartAsync(SendEventsAsync);
        using var cancellation = new CancellationTokenSource();
        using var response = await client.Http.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        var events = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync(cancellation.Token).GetAsyncEnumerator();
        Assert.Equal(["1", "2", "3"], await TakeAsync(events, 3));

        var next = TakeAsync(events, 1);
        Assert.Equal(1, client.InFlight);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Equal(0, client.InFlight);
    }

    private static async Task SendEventsAsync(HttpContext context, Gate gate)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: 1\n\ndata: 2\n\ndata: 3\n\n");
        await context.Response.Body.FlushAsync();
        await gate.HoldAsync(context);
        await context.Response.WriteAsync("data: 4\n\n");
    }

    private static async Task<List<string>> TakeAsync(IAsyncEnumerator<SseItem<string>> events, int count)
    {
        var taken = new List<string>();
        while (taken.Count < count && await Eventually.Done(events.MoveNextAsync().AsTask()))
        {
            taken.Add(events.Current.Data);
        }

        return taken;
    }
}
