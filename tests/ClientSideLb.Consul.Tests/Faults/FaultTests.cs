using ClientSideLb.Consul.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Consul.Tests.Faults;

/// <summary>Whatever Consul answers, the log says what is wrong, and the last good set stays in use.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly Registration A = new("a", "10.0.0.1", 8080);
    private readonly TestConsul _consul = new();

    public async ValueTask InitializeAsync()
    {
        await _consul.StartAsync();
        _consul.Set("api", A);
    }

    [Theory]
    [InlineData(200, "text/html", "<html>Sign in</html>", "is text/html and not JSON. Is that the address of Consul?")]
    [InlineData(200, "application/json", "<html>", "is not what Consul answers, at $.")]
    [InlineData(200, "application/json", "", "is not what Consul answers, at $.")]
    [InlineData(200, "application/json", "[{\"Service\":", "is not what Consul answers, at $[0].Service.")]
    [InlineData(200, "application/json", "null", "is not what Consul answers. It is null.")]
    [InlineData(200, "application/json", "{}", "is not what Consul answers, at $.")]
    [InlineData(200, "application/json", "[null]", "An entry has no service or no node.")]
    [InlineData(200, "application/json", "[{}]", "An entry has no service or no node.")]
    [InlineData(200, "application/json", "[{\"Node\":{},\"Service\":{\"Port\":\"80\"}}]", "is not what Consul answers, at $[0].Service.Port.")]
    [InlineData(200, "application/json", "[{\"Node\":{},\"Service\":[]}]", "is not what Consul answers, at $[0].Service.")]
    [InlineData(500, "text/plain", "No cluster\nleader", "answered 500. It says: No cluster leader")]
    [InlineData(500, "text/html", "<html>", "answered 500.")]
    [InlineData(429, "text/plain", "", "answered 429.")]
    [InlineData(404, "text/html", "", "answered 404. Is that the address of Consul?")]
    [InlineData(302, "text/html", "", "answered 302. Is that the address of Consul?")]
    [InlineData(403, "text/plain", "ACL not found", "answered 403. The token needs the ACL rules service:read on 'api' and node:read on its nodes. It says: ACL not found")]
    public async Task A_bad_answer_is_explained_and_the_last_set_stays(int status, string type, string body, string message)
    {
        await using var lab = new WatchLab(_consul.Address);
        var state = await lab.AskAsync();
        var token = lab.ChangeToken;
        await _consul.HoldsAsync(2);

        _consul.Fault = context => WriteAsync(context, status, type, body);
        _consul.Touch();
        await lab.LoggedAsync(501);

        Assert.Contains(message, lab.Messages[^1], StringComparison.Ordinal);
        Assert.Contains("The 1 known endpoints stay in use.", lab.Messages[^1], StringComparison.Ordinal);
        Assert.Same(state, lab.Watch.Latest);
        Assert.False(token.HasChanged);
    }

    [Theory]
    [InlineData(200, "text/html")]
    [InlineData(403, "text/plain")]
    public async Task A_bad_first_answer_is_thrown_and_the_next_question_asks_again(int status, string type)
    {
        await using var lab = new WatchLab(_consul.Address);
        _consul.Fault = context => WriteAsync(context, status, type, "");
        await Assert.ThrowsAsync<ConsulDiscoveryException>(lab.AskAsync);

        _consul.Fault = null;
        var asked = lab.AskAsync();
        await lab.EndPauseAsync();

        Assert.Single((await asked).Instances);
        Assert.Equal(503, lab.EventIds[1]);
    }

    [Fact]
    public async Task A_first_answer_that_does_not_come_has_a_time_limit()
    {
        _consul.Fault = static context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var lab = new WatchLab(_consul.Address);
        var asked = lab.AskAsync();
        await Eventually.TrueAsync(() => _consul.Queries.Length == 1, "Consul is asked");

        lab.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Contains("did not answer within 10 s", (await Assert.ThrowsAsync<ConsulDiscoveryException>(() => asked)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_refused()
    {
        await using var lab = new WatchLab(_consul.Address, longestAnswer: 100);

        var failure = await Assert.ThrowsAsync<ConsulDiscoveryException>(lab.AskAsync);

        Assert.Contains("has more than 100 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_instances_are_no_fault()
    {
        _consul.Set("api", [.. Enumerable.Range(0, 10_000).Select(static i => new Registration($"{i}", $"10.0.{i / 250}.{i % 250}", 80))]);
        await using var lab = new WatchLab(_consul.Address);

        Assert.Equal(10_000, (await lab.AskAsync()).Instances.Length);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_a_failure()
    {
        await using var lab = new WatchLab(_consul.Address);
        _consul.Fault = static async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("[");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };

        var failure = await Assert.ThrowsAsync<ConsulDiscoveryException>(lab.AskAsync);

        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_in_a_row_are_told_once_and_the_pauses_between_them_grow()
    {
        await using var lab = new WatchLab(_consul.Address);
        await lab.AskAsync();
        await _consul.HoldsAsync(2);
        _consul.Fault = static context => WriteAsync(context, 500, "text/plain", "No cluster leader");
        _consul.Touch();
        for (var i = 0; i < 8; i++)
        {
            await lab.EndPauseAsync();
            await lab.EndPauseAsync();
        }

        await lab.LoggedAsync(502, times: 8);

        Assert.Single(lab.EventIds, 501);
        TimeSpan[] pauses = [.. lab.Pauses.Chunk(2).Where(static pair => pair.Length == 2).Select(static pair => pair[0] + pair[1])];
        Assert.All(pauses.Index(), static one =>
        {
            var middle = Math.Min(Math.Pow(2, one.Index), 30);
            Assert.InRange(one.Item.TotalSeconds, middle * 0.5, middle * 1.5);
        });

        _consul.Fault = null;
        await lab.EndPauseAsync();
        await lab.EndPauseAsync();
        await lab.LoggedAsync(503);
    }

    [Fact]
    public async Task A_Consul_that_asks_to_wait_is_left_alone_for_as_long()
    {
        await using var lab = new WatchLab(_consul.Address);
        await lab.AskAsync();
        await _consul.HoldsAsync(2);
        _consul.Fault = static context =>
        {
            context.Response.Headers.RetryAfter = "20";
            return WriteAsync(context, 429, "text/plain", "");
        };
        _consul.Touch();

        Assert.Equal(TimeSpan.FromSeconds(20), await lab.EndPauseAsync() + await lab.EndPauseAsync());
    }

    [Fact]
    public async Task A_Consul_that_restarts_with_a_lower_index_is_followed_again()
    {
        await using var lab = new WatchLab(_consul.Address);
        await lab.AskAsync();
        var token = lab.ChangeToken;
        await _consul.HoldsAsync(2);
        await _consul.StopAsync();
        await lab.LoggedAsync(501);
        Assert.Contains("cannot be reached", lab.Messages[^1], StringComparison.Ordinal);

        _consul.Rewind(1);
        _consul.Set("api", new Registration("b", "10.0.0.2", 8080));
        await _consul.StartAsync();
        await lab.EndPauseAsync();
        await lab.EndPauseAsync();
        await Eventually.TrueAsync(() => token.HasChanged, "the change is told");

        Assert.Equal(["10.0.0.2:8080"], lab.Known);
    }

    [Fact]
    public async Task Instances_that_the_token_may_not_read_are_told_with_the_rights_that_are_missing()
    {
        _consul.IsFiltered = true;
        _consul.Set("api");
        await using var lab = new WatchLab(_consul.Address);

        await lab.AskAsync();
        await _consul.HoldsAsync(2);
        _consul.Touch();
        await _consul.HoldsAsync(3);

        Assert.Single(lab.EventIds, 511);
        Assert.Contains("service:read on the service and node:read on its nodes", lab.Messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_without_a_usable_address_is_told_and_the_others_are_used()
    {
        _consul.Set("api", A, new Registration("b", "not a host", 80), new Registration("c", "10.0.0.3", 70_000), new Registration("d", "", 80) { NodeAddress = "" });
        await using var lab = new WatchLab(_consul.Address);

        await lab.AskAsync();

        Assert.Equal(["10.0.0.1:8080"], lab.Known);
        Assert.Equal(
            "Service 'api': 3 instances cannot be used. The first one, 'b', has the address 'not a host', which is neither an IP address nor the name of a host.",
            lab.Messages[0]);
    }

    public ValueTask DisposeAsync() => _consul.DisposeAsync();

    private static Task WriteAsync(HttpContext context, int status, string type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    }
}
