using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.AspNetCore.Tests.Status;

/// <summary>The last events of all clusters, as the page's JSON has them.</summary>
public sealed class RecentEventsTests
{
    private const string Generated = "Refit.Implementation.Generated+ShopIOrders, Shop, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null";

    [Fact]
    public async Task A_status_that_is_asked_for_late_has_what_was_before_the_latest_first()
    {
        await using var app = await TestApp.StartAsync(3);
        await app.EjectAsync(app.Backends[0]);
        app.Cluster.TryDrain(app.Backends[1].Address);

        var events = Read(await app.GetStatusAsync());

        Assert.Equal(["Drained", "Ejected", "EndpointsChanged"], events.Select(static one => Text(one, "kind")));
        Assert.Equal([3, 2, 1], events.Select(static one => one.GetProperty("number").GetInt64()));
        Assert.All(events, static one => Assert.Equal(("orders", "orders"), (Text(one, "client"), Text(one, "service"))));
        Assert.Equal(
            (app.Backends[1].Name + " drained", "it was drained by hand"), (Text(events[0], "description"), Text(events[0], "reason")));
        Assert.StartsWith($"{app.Backends[0].Name} ejected for ", Text(events[1], "description"), StringComparison.Ordinal);
        Assert.Equal("5 requests in a row failed", Text(events[1], "reason"));
        Assert.True(events[0].GetProperty("time").GetDateTimeOffset() >= events[1].GetProperty("time").GetDateTimeOffset());
        Assert.Equal(TimeSpan.Zero, events[0].GetProperty("time").GetDateTimeOffset().Offset);
    }

    [Fact]
    public async Task The_server_sent_events_have_the_same_list()
    {
        await using var app = await TestApp.StartAsync(2);
        app.Cluster.TryDrain(app.Backends[1].Address);
        using var response = await app.Browser.GetAsync(new Uri($"{TestApp.Path}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        string? line;
        do
        {
            line = await reader.ReadLineAsync();
        }
        while (line?.StartsWith("data: {", StringComparison.Ordinal) == false);

        using var status = JsonDocument.Parse(line!["data: ".Length..]);
        Assert.Equal(["Drained", "EndpointsChanged"], Read(status.RootElement).Select(static one => Text(one, "kind")));
    }

    [Fact]
    public async Task There_are_fifty_at_most()
    {
        await using var app = await TestApp.StartAsync(1);
        for (var i = 0; i < 60; i++)
        {
            app.Cluster.TryDrain(app.Backends[0].Address);
            app.Cluster.TryResume(app.Backends[0].Address);
        }

        var events = Read(await app.GetStatusAsync());

        Assert.Equal(50, events.Count);
        Assert.Equal(121, events[0].GetProperty("number").GetInt64());
    }

    [Fact]
    public async Task A_client_whose_name_a_generator_made_is_shown_by_its_short_name_has_its_traffic_and_can_be_drained()
    {
        await using var app = await TestApp.StartAsync(2, client: Generated);
        using var http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(Generated);
        for (var i = 0; i < 4; i++)
        {
            (await http.GetAsync(new Uri("", UriKind.Relative))).Dispose();
        }

        app.Cluster.TryDrain(app.Backends[1].Address);

        var status = await app.GetStatusAsync();
        var cluster = Assert.Single(status.GetProperty("clusters").EnumerateArray());
        Assert.Equal((Generated, "ShopIOrders", "ShopIOrders"), (Text(cluster, "client"), Text(cluster, "clientLabel"), Text(cluster, "service")));
        Assert.All(cluster.GetProperty("endpoints").EnumerateArray(), static row => Assert.Equal(0.5, row.GetProperty("share").GetDouble()));
        Assert.All(Read(status), static one => Assert.Equal("ShopIOrders", Text(one, "client")));
    }

    private static List<JsonElement> Read(JsonElement status) => [.. status.GetProperty("events").EnumerateArray()];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
