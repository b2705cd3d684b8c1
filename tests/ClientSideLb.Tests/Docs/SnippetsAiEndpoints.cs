using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/ai-endpoints.md.</summary>
internal static class SnippetsAiEndpoints
{
    internal static void SetUp(IServiceCollection services)
    {
        services.AddHttpClient("model", client => client.Timeout = TimeSpan.FromMinutes(5))
            .AddLoadBalancing(options =>
            {
                options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://east.example/deployments/chat"), Weight = 300 });
                options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://west.example/deployments/chat"), Weight = 100 });
                options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://north.example/deployments/chat"), Weight = 100 });
                options.Failover.MoveRejected = true;
                options.OutlierDetection.UnansweredWait = TimeSpan.FromMinutes(1);
            });
    }

    internal static void SendKeys(IServiceCollection services)
    {
        services.AddTransient<DeploymentKeyHandler>();
        services.AddHttpClient("model")
            .AddLoadBalancing()
            .AddHttpMessageHandler<DeploymentKeyHandler>();
    }

    internal static async Task ReadStreamAsync(HttpClient client, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            Console.WriteLine(item.Data);
        }
    }

    internal static void Repeat(IServiceCollection services)
    {
        services.AddTransient<RepeatableContentHandler>();
        services.AddHttpClient("model")
            .AddHttpMessageHandler<RepeatableContentHandler>()
            .AddLoadBalancing(options => options.Failover.MoveRejected = true);
    }

    internal static void Wait(IServiceCollection services)
    {
        var client = services.AddHttpClient("model");
        client.AddResilienceHandler("wait for room", pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = 3,
            ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests),
        }));
        client.AddLoadBalancing(options => options.Failover.MoveRejected = true);
    }

    internal interface IKeyStore
    {
        string GetKey(string host);
    }

    internal sealed class DeploymentKeyHandler(IKeyStore keys) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var deployment = request.GetEndpoint()!.Address;
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", keys.GetKey(deployment.Host));
            return base.SendAsync(request, cancellationToken);
        }
    }

    internal sealed class RepeatableContentHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } content)
            {
                var copy = new ByteArrayContent(await content.ReadAsByteArrayAsync(cancellationToken));
                foreach (var (name, values) in content.Headers.NonValidated)
                {
                    copy.Headers.TryAddWithoutValidation(name, values);
                }

                request.Content = copy;
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
