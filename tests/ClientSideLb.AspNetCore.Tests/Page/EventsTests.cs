using System.Text.Json;

namespace ClientSideLb.AspNetCore.Tests.Page;

public sealed class EventsTests
{
    [Fact]
    public async Task Numbers_come_again_and_again_without_being_asked_for()
    {
        await using var app = await TestApp.StartAsync();
        using var events = await app.Browser.GetAsync($"{TestApp.Path}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());

        Assert.Equal("text/event-stream", events.Content.Headers.ContentType!.MediaType);
        var first = await NextAsync(reader);
        app.Cluster.TryDrain(app.Backends[0].Address);
        var second = await NextAsync(reader);

        Assert.Equal("Unknown", HealthIn(first));
        Assert.Equal("Draining", HealthIn(second));
        Assert.True(second.GetProperty("time").GetDateTimeOffset() > first.GetProperty("time").GetDateTimeOffset());
    }

    [Fact]
    public async Task Events_never_carry_what_allows_a_change()
    {
        await using var app = await TestApp.StartAsync();
        using var events = await app.Browser.GetAsync($"{TestApp.Path}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());

        Assert.Equal(JsonValueKind.Null, (await NextAsync(reader)).GetProperty("changes").ValueKind);
    }

    [Fact]
    public async Task Who_watches_does_not_keep_the_application_from_stopping()
    {
        await using var app = await TestApp.StartAsync();
        using var events = await app.Browser.GetAsync($"{TestApp.Path}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        await NextAsync(reader);

        // Kestrel waits 30 s for requests that are under way.
        await app.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));

        var rest = await reader.ReadToEndAsync().WaitAsync(Eventually.Deadline);
        Assert.DoesNotContain("error", rest, StringComparison.OrdinalIgnoreCase);
    }

    private static string? HealthIn(JsonElement status) =>
        status.GetProperty("clusters")[0].GetProperty("endpoints")[0].GetProperty("health").GetString();

    private static async Task<JsonElement> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync().WaitAsync(Eventually.Deadline) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line[6..]).RootElement;
            }
        }

        throw new InvalidOperationException("The events ended.");
    }
}
