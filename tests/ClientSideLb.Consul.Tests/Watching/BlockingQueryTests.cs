using ClientSideLb.Consul.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Consul.Tests.Watching;

public sealed class BlockingQueryTests : IAsyncLifetime
{
    private static readonly Registration A = new("a", "10.0.0.1", 8080);
    private static readonly Registration B = new("b", "10.0.0.2", 8080);
    private readonly TestConsul _consul = new();

    public async ValueTask InitializeAsync()
    {
        await _consul.StartAsync();
        _consul.Set("api", A);
    }

    [Fact]
    public async Task The_first_query_does_not_wait_and_the_next_ones_wait_for_a_change()
    {
        await using var lab = new WatchLab(_consul.Address);
        await lab.AskAsync();
        var token = lab.ChangeToken;
        Assert.Equal(["10.0.0.1:8080"], lab.Known);
        await _consul.HoldsAsync(2);

        _consul.Set("api", A, B);
        await Eventually.TrueAsync(() => token.HasChanged, "the change is told");

        Assert.Equal(["10.0.0.1:8080", "10.0.0.2:8080"], lab.Known);
        await _consul.HoldsAsync(3);
        Assert.Equal(
            ["/v1/health/service/api", "/v1/health/service/api?index=11&wait=300000ms", "/v1/health/service/api?index=12&wait=300000ms"],
            _consul.Queries.Select(static query => query.Address));
        Assert.Empty(lab.Pauses);
    }

    [Fact]
    public async Task An_answer_that_changes_nothing_tells_nobody()
    {
        await using var lab = new WatchLab(_consul.Address);
        _consul.Set("api", A, B);
        var state = await lab.AskAsync();
        var token = lab.ChangeToken;
        await _consul.HoldsAsync(2);

        _consul.Set("api", B, A);
        await _consul.HoldsAsync(3);

        Assert.False(token.HasChanged);
        Assert.Same(state, lab.Watch.Latest);
    }

    [Fact]
    public async Task After_an_index_that_went_backwards_the_next_query_does_not_wait()
    {
        await using var lab = new WatchLab(_consul.Address);
        await lab.AskAsync();
        var token = lab.ChangeToken;
        await _consul.HoldsAsync(2);

        _consul.Rewind(5);
        await _consul.HoldsAsync(4);
        Assert.Equal([null, "11", null, "5"], _consul.Queries.Select(static query => query.Index));

        _consul.Set("api", B);
        await Eventually.TrueAsync(() => token.HasChanged, "the change is told");
    }

    [Fact]
    public async Task After_the_index_0_the_next_query_waits()
    {
        _consul.Rewind(0);
        await using var lab = new WatchLab(_consul.Address);
        await lab.AskAsync();

        await _consul.HoldsAsync(2);

        Assert.Equal([null, "1"], _consul.Queries.Select(static query => query.Index));
    }

    [Fact]
    public async Task A_server_whose_index_always_rises_is_not_asked_in_a_busy_loop()
    {
        await using var lab = new WatchLab(_consul.Address);
        var index = 0;
        _consul.Fault = context => WriteAsync(context, ++index);
        await lab.AskAsync();

        await lab.PausesAsync(1);
        Assert.Equal(4, _consul.Queries.Length);
        await lab.EndPauseAsync();
        await lab.PausesAsync(2);
        Assert.Equal(5, _consul.Queries.Length);
        Assert.All(lab.Pauses, static pause => Assert.Equal(15, pause.TotalSeconds, 1e-3));
    }

    [Fact]
    public async Task A_server_without_an_index_is_asked_now_and_then()
    {
        _consul.ShowIndex = static _ => null;
        await using var lab = new WatchLab(_consul.Address);
        await lab.AskAsync();

        Assert.Equal(TimeSpan.FromSeconds(15), await lab.EndPauseAsync());
        _consul.Set("api", B);
        await lab.EndPauseAsync();

        await Eventually.TrueAsync(() => lab.Known is ["10.0.0.2:8080"], "the change is seen");
        Assert.All(_consul.Queries, static query => Assert.Null(query.Index));
        Assert.Single(lab.EventIds, 512);
    }

    [Fact]
    public async Task Queries_whose_wait_is_over_follow_each_other_without_a_pause()
    {
        var server = new FakeTimeProvider();
        _consul.Time = server;
        await using var lab = new WatchLab(_consul.Address, static options => options.Wait = TimeSpan.FromSeconds(1));
        await lab.AskAsync();
        for (var i = 2; i < 8; i++)
        {
            await _consul.HoldsAsync(i);
            lab.Time.Advance(TimeSpan.FromSeconds(1.0625));
            server.Advance(TimeSpan.FromSeconds(1.0625));
        }

        await _consul.HoldsAsync(8);
        Assert.Empty(lab.Pauses);
        Assert.DoesNotContain(501, lab.EventIds);
    }

    [Fact]
    public async Task A_query_has_the_time_for_the_wait_its_jitter_and_the_answer()
    {
        await using var lab = new WatchLab(_consul.Address);
        await lab.AskAsync();
        await _consul.HoldsAsync(2);

        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5) * 17 / 16 + TimeSpan.FromSeconds(10)], lab.TimeLimits);
        lab.Time.Advance(lab.TimeLimits[^1]);
        await lab.LoggedAsync(501);

        Assert.Contains("did not answer within 5.48 min", lab.Messages[^1], StringComparison.Ordinal);
        await lab.EndPauseAsync();
        await lab.EndPauseAsync();
        await _consul.HoldsAsync(4);
        Assert.Null(_consul.Queries[2].Index);
    }

    [Fact]
    public async Task First_questions_that_come_together_are_one_query()
    {
        await using var lab = new WatchLab(_consul.Address);

        var states = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(lab.AskAsync)));

        Assert.All(states, state => Assert.Same(states[0], state));
        Assert.Single(_consul.Queries, static query => query.Index is null);
    }

    [Fact]
    public async Task Token_datacenter_tags_and_passing_are_in_the_query()
    {
        _consul.Set("api", A with { Tags = ["v2", "a&b"] }, B with { Tags = ["v2"] });
        await using var lab = new WatchLab(
            _consul.Address,
            static options =>
            {
                options.Token = "secret";
                options.Datacenter = "dc 2";
                options.PassingOnly = true;
                options.Tags.Add("a&b");
            },
            tag: "v2");

        await lab.AskAsync();

        Assert.Equal(new ReceivedQuery("/v1/health/service/api?dc=dc%202&passing=1&tag=a%26b&tag=v2", "secret"), _consul.Queries[0]);
        Assert.Equal(["10.0.0.1:8080"], lab.Known);
    }

    [Fact]
    public async Task A_service_none_of_whose_instances_passes_is_still_known()
    {
        _consul.Set("api", A with { Status = "critical" });
        await using var lab = new WatchLab(_consul.Address, static options => options.PassingOnly = true);

        var state = await lab.AskAsync();

        Assert.True(state.IsKnown);
        Assert.Empty(state.Instances);
    }

    [Fact]
    public async Task A_service_that_Consul_does_not_have_is_told_and_found_as_soon_as_it_is_registered()
    {
        _consul.Set("api");
        await using var lab = new WatchLab(_consul.Address);
        var state = await lab.AskAsync();
        var token = lab.ChangeToken;
        Assert.False(state.IsKnown);
        Assert.Equal([504], lab.EventIds);
        await _consul.HoldsAsync(2);

        _consul.Set("api", A);
        await Eventually.TrueAsync(() => token.HasChanged, "the change is told");

        Assert.True(lab.Watch.Latest!.IsKnown);
    }

    [Fact]
    public async Task A_service_whose_last_instance_leaves_stays_known()
    {
        await using var lab = new WatchLab(_consul.Address);
        await lab.AskAsync();
        var token = lab.ChangeToken;
        await _consul.HoldsAsync(2);

        _consul.Set("api");
        await Eventually.TrueAsync(() => token.HasChanged, "the change is told");

        Assert.True(lab.Watch.Latest!.IsKnown);
        Assert.Empty(lab.Known);
    }

    [Fact]
    public async Task Nothing_runs_after_the_end_of_a_watch()
    {
        var lab = new WatchLab(_consul.Address);
        await lab.AskAsync();
        await _consul.HoldsAsync(2);

        await lab.DisposeAsync();

        await Eventually.TrueAsync(() => _consul.Held == 0, "the query is given up");
        Assert.Equal(2, _consul.Queries.Length);
        Assert.DoesNotContain(lab.EventIds, static id => id is 501 or 502);
    }

    public ValueTask DisposeAsync() => _consul.DisposeAsync();

    private static Task WriteAsync(HttpContext context, int index)
    {
        context.Response.Headers["X-Consul-Index"] = $"{index}";
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($"[{A.ToJson("api").ToJsonString()}]");
    }
}
