using System.Text.Json;

namespace ClientSideLb.AspNetCore.Tests.Page;

public sealed class EventsTests
{
    [Fact]
    public async Task The_events_bring_a_new_status_again_and_again()
    {
        await using var app = await TestApp.StartAsync();
        using var events = await OpenAsync(app);

        var first = await ReadAsync(events);
        app.Cluster.TryDrain(app.Backends[0].Address);
        var second = await ReadAsync(events);

        Assert.Equal(("Unknown", "Draining"), (GetHealth(first), GetHealth(second)));
        Assert.True(second.GetProperty("time").GetDateTimeOffset() > first.GetProperty("time").GetDateTimeOffset());
    }

    [Fact]
    public async Task The_events_never_carry_the_antiforgery_token()
    {
        await using var app = await TestApp.StartAsync();
        using var events = await OpenAsync(app);

        Assert.Equal(JsonValueKind.Null, (await ReadAsync(events)).GetProperty("antiforgery").ValueKind);
    }

    [Fact]
    public async Task A_viewer_does_not_delay_the_stop_of_the_application()
    {
        await using var app = await TestApp.StartAsync();
        using var events = await OpenAsync(app);
        await ReadAsync(events);

        // By default, Kestrel waits 30 s for requests to finish.
        await app.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));

        var rest = await events.ReadToEndAsync().WaitAsync(Eventually.Deadline);
        Assert.DoesNotContain("error", rest, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<StreamReader> OpenAsync(TestApp app) => new(await app.Browser.GetStreamAsync($"{TestApp.Path}/events"));

    private static string? GetHealth(JsonElement status) =>
        status.GetProperty("clusters")[0].GetProperty("endpoints")[0].GetProperty("health").GetString();

    private static async Task<JsonElement> ReadAsync(StreamReader events)
    {
        while (await events.ReadLineAsync().WaitAsync(Eventually.Deadline) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line[6..]).RootElement;
            }
        }

        throw new InvalidOperationException("The events ended.");
    }
}
