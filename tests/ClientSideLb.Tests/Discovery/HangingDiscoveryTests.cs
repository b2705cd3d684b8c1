using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests;

/// <summary>A provider of service discovery that neither answers nor reacts to its cancellation.</summary>
public sealed class HangingDiscoveryTests : IDisposable
{
    private readonly ObservedTime _time = new();
    private readonly StubBackend _backend = new();
    private readonly ManualResetEventSlim _blocked = new();
    private readonly TaskCompletionSource _pending = new();

    public enum Place
    {
        Query,
        BlockedQuery,
        BlockedCreation,
        Disposal,
    }

    public void Dispose()
    {
        _pending.TrySetResult();
        _blocked.Set();
        _backend.Dispose();
    }

    [Theory]
    [InlineData(Place.Query)]
    [InlineData(Place.BlockedQuery)]
    [InlineData(Place.BlockedCreation)]
    public async Task A_request_fails_after_30_seconds_and_that_is_logged(Place place)
    {
        var provider = Build(new Hanging(this, place));
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var request = client.GetAsync("/");
        var waited = TimeSpan.Zero;

        await Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                waited += TimeSpan.FromSeconds(5);
                return request.IsCompleted;
            },
            "the request ends");

        var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => request);
        Assert.IsType<TimeoutException>(fault.InnerException);
        Assert.Contains(provider.GetFakeLogCollector().GetSnapshot(), static record => record is { Level: LogLevel.Warning, Id.Id: 2, Exception: TimeoutException });
    }

    [Theory]
    [InlineData(Place.Query, true)]
    [InlineData(Place.Query, false)]
    [InlineData(Place.BlockedQuery, true)]
    [InlineData(Place.BlockedCreation, true)]
    [InlineData(Place.Disposal, true)]
    public async Task The_disposal_of_the_container_does_not_wait_for_it(Place place, bool asynchronously)
    {
        var hanging = new Hanging(this, place);
        var provider = Build(hanging);
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var request = client.GetAsync("/");
        await Eventually.True(() => hanging.IsReached || request.IsCompleted, "the provider is called");

        var disposal = Task.Run(async () =>
        {
            if (asynchronously)
            {
                await provider.DisposeAsync();
            }
            else
            {
                provider.Dispose();
            }
        });

        await disposal.WaitAsync(Eventually.Deadline);
        await Task.WhenAny(request).WaitAsync(Eventually.Deadline);
    }

    private ServiceProvider Build(Hanging discovery)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddLogging(static logging => logging.AddFakeLogging());
        services.AddSingleton<IServiceEndpointProviderFactory>(discovery);
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing();
        return services.BuildServiceProvider();
    }

    private sealed class Hanging(HangingDiscoveryTests test, Place place) : IServiceEndpointProviderFactory, IServiceEndpointProvider
    {
        private volatile bool _isReached;

        internal bool IsReached => _isReached;

        public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
        {
            Block(Place.BlockedCreation);
            provider = this;
            return true;
        }

        public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
        {
            Block(Place.BlockedQuery);
            await HangAsync(Place.Query);
            endpoints.Endpoints.Add(ServiceEndpoint.Create(new UriEndPoint(new Uri("http://10.0.0.1"))));
        }

        public ValueTask DisposeAsync() => HangAsync(Place.Disposal);

        private void Block(Place here)
        {
            if (place == here)
            {
                _isReached = true;
                test._blocked.Wait();
            }
        }

        private async ValueTask HangAsync(Place here)
        {
            if (place == here)
            {
                _isReached = true;
                await test._pending.Task;
            }
        }
    }
}
