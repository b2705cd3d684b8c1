using System.Net;
using System.Net.Sockets;
using ClientSideLb.Tests.Functional;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests.Docs;

/// <summary>The messages on docs/exceptions.md are those that callers see.</summary>
public sealed class ExceptionsTests
{
    private static readonly Uri First = new("http://10.0.0.1:8080");
    private static readonly Uri Second = new("http://10.0.0.2:8080");

    [Fact]
    public async Task The_page_has_every_message_as_a_caller_sees_it()
    {
        var page = MarkdownPage.ReadAll().Single(static page => page.Document == "docs/exceptions.md");
        var texts = page.GetBlocks().Where(static block => block.Language == "text").Select(static block => string.Join('\n', block.Code));

        var messages = new[]
        {
            await NothingListed(), await HttpsOnly(), await UnknownName(), await ForeignHost(), await DiscoveryFailed(), await AllDraining(), await Saturated(),
            await NonePicked(), await SeveralEndpoints(), await AttemptTimeout(), InvalidOptions(),
        };

        Assert.Equal(messages.Order(), texts.Order());
    }

    private static Task<string> NothingListed() => FailToDiscover(new StubDiscovery("orders"), NoEndpointReason.NoneFound);

    private static Task<string> DiscoveryFailed() =>
        FailToDiscover(new StubDiscovery("orders") { Fault = new InvalidOperationException("the registry is away") }, NoEndpointReason.DiscoveryFailed);

    private static async Task<string> FailToDiscover(StubDiscovery discovery, NoEndpointReason reason)
    {
        await using var client = BalancedClient.Create(
            static builder => builder.AddLoadBalancing(), services => services.AddSingleton<IServiceEndpointProviderFactory>(discovery), "orders");
        return await FindNoEndpoint(client.Http.GetAsync(new Uri("list", UriKind.Relative)), reason);
    }

    private static async Task<string> HttpsOnly()
    {
        await using var client = BalancedClient.Create(
            static builder => builder.ConfigureHttpClient(static http => http.BaseAddress = new Uri("https://orders")).AddLoadBalancing(static options =>
                options.AddEndpoints([First])),
            name: "orders");
        return await FindNoEndpoint(client.Http.GetAsync(new Uri("list", UriKind.Relative)), NoEndpointReason.NoneFound);
    }

    private static async Task<string> UnknownName()
    {
        var configuration = new ReloadableConfiguration(("Services:inventory:http:0", "http://10.0.0.1"));
        await using var client = BalancedClient.Create(
            static builder => builder.AddLoadBalancing(static options => options.UnknownServices = UnknownServiceMode.Refuse),
            services => services.AddSingleton<IConfiguration>(configuration.Root),
            "orders");
        return await FindNoEndpoint(client.Http.GetAsync(new Uri("list", UriKind.Relative)), NoEndpointReason.NoneFound);
    }

    private static async Task<string> ForeignHost()
    {
        using var http = Create(static options => options.UnknownServices = UnknownServiceMode.Refuse, new StubBackend());
        return await FindNoEndpoint(http.GetAsync(new Uri("http://token.example/")), NoEndpointReason.NoneFound);
    }

    private static async Task<string> AllDraining()
    {
        using var http = Create(static options => options.Endpoints[0].Weight = 0, new StubBackend());
        return await FindNoEndpoint(Get(http), NoEndpointReason.AllDraining);
    }

    private static async Task<string> Saturated()
    {
        using var http = Create(static options => options.Concurrency.MaxInFlightPerEndpoint = 1, new Primary(static (_, cancelled) => NeverAsync(cancelled)));
        using var caller = new CancellationTokenSource();
        var first = http.GetAsync(new Uri("list", UriKind.Relative), caller.Token);
        var message = await FindNoEndpoint(Get(http), NoEndpointReason.Saturated);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        return message;
    }

    private static async Task<string> NonePicked()
    {
        using var http = BalancedHttpHandler.CreateClient(
            "orders",
            static options =>
            {
                options.AddEndpoints([First]);
                options.Strategy = "Nobody";
            },
            new StubBackend(),
            [new StubStrategy("Nobody", static _ => null)]);
        return await FindNoEndpoint(Get(http), NoEndpointReason.NonePicked);
    }

    private static async Task<string> SeveralEndpoints()
    {
        using var primary = new Primary(static (request, _) => request.RequestUri!.Host == First.Host
            ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable))
            : throw new HttpRequestException(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused)));
        using var http = Create(static options => options.Endpoints.Add(new EndpointOptions { Address = Second, Priority = 1 }), primary);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => Get(http));

        Assert.Equal(HttpRequestError.ConnectionError, failure.HttpRequestError);
        Assert.IsType<SocketException>(failure.InnerException);
        return failure.Message;
    }

    private static async Task<string> AttemptTimeout()
    {
        var time = new FakeTimeProvider();
        var sent = new TaskCompletionSource();
        using var primary = new Primary((_, cancelled) =>
        {
            sent.SetResult();
            return NeverAsync(cancelled);
        });
        using var http = Create(static options => options.Failover.AttemptTimeout = TimeSpan.FromSeconds(3), primary, time);

        var answer = Get(http);
        await sent.Task;
        time.Advance(TimeSpan.FromSeconds(3));

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Equal(HttpRequestError.Unknown, failure.HttpRequestError);
        Assert.IsType<TimeoutException>(failure.InnerException);
        return failure.Message;
    }

    private static string InvalidOptions() =>
        Assert.Throws<OptionsValidationException>(static () => Create(static options => options.Strategy = "Fastest", new StubBackend())).Message;

    private static HttpClient Create(Action<LoadBalancingOptions> configure, HttpMessageHandler primary, TimeProvider? time = null) =>
        BalancedHttpHandler.CreateClient(
            "orders",
            options =>
            {
                options.AddEndpoints([First]);
                configure(options);
            },
            primary,
            timeProvider: time);

    private static Task<HttpResponseMessage> Get(HttpClient http) => http.GetAsync(new Uri("list", UriKind.Relative));

    private static async Task<string> FindNoEndpoint(Task<HttpResponseMessage> answer, NoEndpointReason reason)
    {
        var failure = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => answer);
        Assert.Equal(reason, failure.Reason);
        return failure.Message;
    }

    private static async Task<HttpResponseMessage> NeverAsync(CancellationToken cancelled)
    {
        await Task.Delay(Timeout.Infinite, cancelled);
        throw new InvalidOperationException("The request is never answered.");
    }

    private sealed class Primary(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(request, cancellationToken);
    }
}
