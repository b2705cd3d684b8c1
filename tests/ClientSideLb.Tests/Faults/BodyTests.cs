using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Faults;

/// <summary>What the reading of bodies says of an endpoint: a body that it breaks off counts, one that the caller gives up does not.</summary>
public sealed class BodyTests
{
    public static TheoryData<string, bool, bool> Cancellations
    {
        get
        {
            var all = new TheoryData<string, bool, bool>();
            foreach (var way in (string[])["a read", "a copy of the stream", "a copy of the content", "buffering", "synchronous buffering"])
            {
                all.Add(way, true, false);
                all.Add(way, true, true);
                all.Add(way, false, false);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Cancellations))]
    public async Task Callers_who_cancel_the_reading_of_bodies_eject_no_endpoint(string way, bool detection, bool exceptionsAreFailures)
    {
        await using var fleet = await BackendFleet.StartAsync(2, static async context =>
        {
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync();
            await Answers.HangAsync(context);
        });
        using var headers = new HeadersReceived();

        // The primary handler would read on for two seconds to save the connection, and a synchronous reader would wait for that.
        await using var client = BalancedClient.Create(builder => builder
            .UseSocketsHttpHandler(static (handler, _) => handler.ResponseDrainTimeout = TimeSpan.Zero)
            .AddHttpMessageHandler(() => new HeadersHandler(headers))
            .AddLoadBalancing(options =>
            {
                options.AddEndpoints(fleet);
                options.Strategy = LoadBalancingStrategies.RoundRobin;
                options.OutlierDetection.Enabled = detection;
                options.OutlierDetection.ConsecutiveFailures = 2;
                options.OutlierDetection.MinimumRequests = 3;
                options.IsFailure = exceptionsAreFailures ? static result => result.Exception is not null : null;
            }));

        for (var i = 0; i < 12; i++)
        {
            using var cancellation = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Done(CancelAsync(client, headers, way, cancellation)));
        }

        Assert.Equal([6, 6], fleet.Counts);
        Assert.All(client.Endpoints, static endpoint => Assert.Equal((EndpointHealth.Healthy, true), (endpoint.Health, endpoint.IsAvailable)));
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData("buffering")]
    [InlineData("synchronous buffering")]
    [InlineData("a copy of the stream")]
    [InlineData("a copy of the content")]
    public async Task A_body_that_is_received_whole_ends_the_row_of_broken_bodies(string way)
    {
        await using var fleet = await BackendFleet.StartAsync(
            2, static context => context.Request.Path == "/broken" ? Answers.BreakOffAsync(context) : context.Response.WriteAsync("whole"));
        await using var client = BalancedClient.Of(fleet, static options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.OutlierDetection.ConsecutiveFailures = 2;
            options.OutlierDetection.MinimumRequests = 1000;
        });

        // Each endpoint gets one of two requests.
        await ReceiveAsync("/broken", times: 2);
        await ReceiveAsync("/whole", times: 2);
        await ReceiveAsync("/broken", times: 2);
        Assert.All(client.Endpoints, static endpoint => Assert.True(endpoint.IsAvailable));

        await ReceiveAsync("/broken", times: 2);
        Assert.Single(client.Endpoints, static endpoint => endpoint.Health == EndpointHealth.Ejected);

        async Task ReceiveAsync(string path, int times)
        {
            for (var i = 0; i < times; i++)
            {
                var failure = await Record.ExceptionAsync(() => ReadAsync(client, path, way, CancellationToken.None));
                Assert.Equal(path == "/broken", failure is not null);
            }
        }
    }

    [Theory]
    [InlineData("a copy of the stream", false)]
    [InlineData("a copy of the stream", true)]
    [InlineData("a copy of the content", false)]
    [InlineData("a copy of the content", true)]
    public async Task A_caller_whose_disk_is_full_gets_to_know_it_and_the_endpoint_stays(string way, bool later)
    {
        await using var fleet = await BackendFleet.StartAsync(2, static context => context.Response.WriteAsync("whole"));
        await using var client = BalancedClient.Of(fleet, static options => options.OutlierDetection.ConsecutiveFailures = 1);

        for (var i = 0; i < 4; i++)
        {
            await using var full = new FullDisk(later);
            var seen = await Record.ExceptionAsync(() => ReadAsync(client, "/", way, CancellationToken.None, full));
            Assert.Same(full.Fault, seen?.GetBaseException());
        }

        Assert.All(client.Endpoints, static endpoint => Assert.True(endpoint.IsAvailable));
        Assert.Equal(0, client.InFlight);
    }

    // The caller cancels when the headers are there. The body never comes to its end.
    private static async Task CancelAsync(BalancedClient client, HeadersReceived headers, string way, CancellationTokenSource cancellation)
    {
        var reading = ReadAsync(client, "/", way, cancellation.Token);
        await headers.NextAsync();
        await cancellation.CancelAsync();
        await reading;
    }

    private static async Task ReadAsync(BalancedClient client, string path, string way, CancellationToken cancellationToken, Stream? destination = null)
    {
        if (way is "buffering" or "synchronous buffering")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using var buffered = await Task.Run(
                () => way == "buffering" ? client.Http.SendAsync(request, cancellationToken) : Task.FromResult(client.Http.Send(request, cancellationToken)), CancellationToken.None);
            return;
        }

        using var response = await client.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
        if (way == "a copy of the content")
        {
            await response.Content.CopyToAsync(destination ?? Stream.Null, cancellationToken);
            return;
        }

        var stream = await response.Content.ReadAsStreamAsync(CancellationToken.None);
        if (way == "a copy of the stream")
        {
            await stream.CopyToAsync(destination ?? Stream.Null, cancellationToken);
            return;
        }

        while (await stream.ReadAsync(new byte[100], cancellationToken) > 0)
        {
        }
    }

    private sealed class HeadersReceived : IDisposable
    {
        private readonly SemaphoreSlim _received = new(0);

        internal void Add() => _received.Release();

        internal Task NextAsync() => Eventually.Done(_received.WaitAsync());

        public void Dispose() => _received.Dispose();
    }

    // It is above the balancer, which has ended the attempt when the response comes here.
    private sealed class HeadersHandler(HeadersReceived headers) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            headers.Add();
            return response;
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = base.Send(request, cancellationToken);
            headers.Add();
            return response;
        }
    }
}
