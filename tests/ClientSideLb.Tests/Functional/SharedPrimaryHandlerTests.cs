using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>A primary handler that the application keeps and uses elsewhere stays as it is.</summary>
public sealed class SharedPrimaryHandlerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_shared_handler_is_neither_changed_nor_disposed_of(bool sockets)
    {
        await using var backend = await Backend.StartAsync(AnswerAsync);
        using HttpMessageHandler shared = sockets ? new SocketsHttpHandler { UseProxy = false } : new HttpClientHandler { UseProxy = false };
        await using (var client = Create(backend, builder => builder.ConfigurePrimaryHttpMessageHandler(() => shared)))
        {
            // A probe is sent first, or the handler could no longer be changed.
            _ = client.Http;
            await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(backend).Health);
            Assert.Equal("final", await client.Http.GetStringAsync("/start"));
        }

        Assert.True(shared is SocketsHttpHandler { AllowAutoRedirect: true, Properties.Count: 0 } or HttpClientHandler { AllowAutoRedirect: true, Properties.Count: 0 });
        using var plain = new HttpClient(shared, disposeHandler: false);
        Assert.Equal("final", await plain.GetStringAsync(new Uri(backend.Address, "/start")));
    }

    [Fact]
    public async Task A_pipeline_that_ends_does_not_dispose_of_it()
    {
        await using var backend = await Backend.StartAsync(AnswerAsync);
        using var shared = new SocketsHttpHandler { UseProxy = false };

        AutoRedirect.KeepShared(shared).Dispose();

        using var plain = new HttpClient(shared, disposeHandler: false);
        Assert.Equal("final", await plain.GetStringAsync(new Uri(backend.Address, "/start")));
    }

    [Fact]
    public async Task A_handler_that_only_the_client_has_does_not_follow_redirects_by_itself()
    {
        var handlers = new List<SocketsHttpHandler>();
        await using var backend = await Backend.StartAsync(AnswerAsync);
        await using var client = Create(backend, builder => builder.ConfigurePrimaryHttpMessageHandler(() =>
        {
            var handler = new SocketsHttpHandler { UseProxy = false };
            handlers.Add(handler);
            return handler;
        }));

        Assert.Equal("final", await client.Http.GetStringAsync("/start"));
        Assert.False(handlers[0].AllowAutoRedirect);
    }

    [Fact]
    public async Task A_handler_that_the_container_makes_for_each_scope_belongs_to_the_client_alone()
    {
        var handlers = new List<SocketsHttpHandler>();
        await using var backend = await Backend.StartAsync(AnswerAsync);
        await using var client = BalancedClient.Create(
            builder => Configure(builder.ConfigurePrimaryHttpMessageHandler<SocketsHttpHandler>(), backend),
            services => services.AddScoped(_ =>
            {
                var handler = new SocketsHttpHandler { UseProxy = false };
                handlers.Add(handler);
                return handler;
            }));

        Assert.Equal("final", await client.Http.GetStringAsync("/start"));
        Assert.False(handlers[0].AllowAutoRedirect);
    }

    [Fact]
    public async Task No_other_configuration_of_the_client_runs_twice()
    {
        var (added, configured) = (0, 0);
        await using var backend = await Backend.StartAsync(AnswerAsync);
        await using var client = Create(backend, builder => builder
            .UseSocketsHttpHandler((handler, _) => configured++)
            .AddHttpMessageHandler(() =>
            {
                added++;
                return new OtherHandler();
            }));

        Assert.Equal("final", await client.Http.GetStringAsync("/start"));
        Assert.Equal((1, 1), (added, configured));
    }

    private static BalancedClient Create(Backend backend, Action<IHttpClientBuilder> build) => BalancedClient.Create(builder =>
    {
        build(builder);
        Configure(builder, backend);
    });

    private static void Configure(IHttpClientBuilder builder, Backend backend) => builder.AddLoadBalancing(options =>
    {
        options.ActiveHealthCheck.Enabled = true;
        options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(50);
        options.AddEndpoints([backend]);
    });

    private static Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/start")
        {
            context.Response.Redirect("/final");
            return Task.CompletedTask;
        }

        return context.Response.WriteAsync("final");
    }

    private sealed class OtherHandler : DelegatingHandler;
}
