using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.AspNetCore.Tests;

/// <summary>
/// An application with an unhealthy and a healthy endpoint. A background task drains and resumes both again and again, so a reader that
/// reads two members of an endpoint from two states will soon see them contradict each other.
/// </summary>
internal sealed class FlippingApp : IAsyncDisposable
{
    internal const string DrainReason = "it was drained by hand";

    private readonly TestApp _app;
    private readonly Task _flipping;
    private volatile bool _isStopped;

    private FlippingApp(TestApp app)
    {
        _app = app;
        _flipping = Task.Run(Flip);
    }

    internal IServiceProvider Services => _app.Services;

    internal static async Task<FlippingApp> StartAsync(Action<IServiceCollection>? services = null)
    {
        var app = await TestApp.StartAsync(
            2,
            static options =>
            {
                options.ActiveHealthCheck.Enabled = true;
                options.PanicThreshold = 0;
            },
            services);
        await app.Backends[0].StopAsync();
        await Eventually.TrueAsync(
            () => Task.FromResult(
                app.GetEndpoint(app.Backends[0]).Health == EndpointHealth.Unhealthy && app.GetEndpoint(app.Backends[1]).Health == EndpointHealth.Healthy),
            "one backend is unhealthy and the other one is healthy");
        return new FlippingApp(app);
    }

    public async ValueTask DisposeAsync()
    {
        _isStopped = true;
        await _flipping;
        await _app.DisposeAsync();
    }

    private void Flip()
    {
        while (!_isStopped)
        {
            foreach (var backend in _app.Backends)
            {
                _app.Cluster.TryDrain(backend.Address);
                _app.Cluster.TryResume(backend.Address);
            }
        }
    }
}
