using System.Diagnostics.Metrics;
using System.Net;
using ClientSideLb.Kubernetes.Discovery;
using ClientSideLb.Kubernetes.Telemetry;
using ClientSideLb.Kubernetes.Tests.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Kubernetes.Tests;

/// <summary>A container of services as in a pod of the namespace <c>shop</c>: with the files of a service account, and discovery.</summary>
internal sealed class TestPod : IAsyncDisposable
{
    private readonly DirectoryInfo _account = Directory.CreateTempSubdirectory("account-");
    private readonly ServiceProvider _services;

    internal TestPod(ApiServer server, Action<KubernetesDiscoveryOptions>? configure = null, Action<IServiceCollection>? services = null, string token = "first", string? authority = null)
    {
        File.WriteAllText(Path.Combine(_account.FullName, "namespace"), "shop");
        WriteToken(token);
        if (authority is not null)
        {
            File.WriteAllText(Path.Combine(_account.FullName, "ca.crt"), authority);
        }

        var collection = new ServiceCollection();
        services?.Invoke(collection);
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new FakeLoggerProvider(Log)));
        collection.AddKubernetesDiscovery(options =>
        {
            options.ApiServer = server.Address;
            options.ServiceAccountPath = _account.FullName;
            configure?.Invoke(options);
        });
        _services = collection.BuildServiceProvider();
    }

    internal IServiceProvider Services => _services;

    internal FakeLogCollector Log { get; } = new();

    private ServiceEndpointResolver Resolver => _services.GetRequiredService<ServiceEndpointResolver>();

    /// <summary>Replaces the token of the service account, as the kubelet does.</summary>
    internal void WriteToken(string token) => File.WriteAllText(Path.Combine(_account.FullName, "token"), token + "\n");

    /// <summary>Asks service discovery.</summary>
    internal async Task<ServiceEndpointSource> QueryAsync(string query = "http://api")
    {
        using var limit = new CancellationTokenSource(Eventually.Deadline);
        return await Resolver.GetEndpointsAsync(query, limit.Token);
    }

    /// <summary>Creates the provider of a query without service discovery, which drops providers that are not asked for some seconds.</summary>
    internal IServiceEndpointProvider CreateProvider(string query)
    {
        Assert.True(ServiceEndpointQuery.TryParse(query, out var parsed));
        Assert.True(_services.GetServices<IServiceEndpointProviderFactory>().OfType<KubernetesEndpointProviderFactory>().Single().TryCreateProvider(parsed, out var provider));
        return provider;
    }

    /// <summary>Asks service discovery for the addresses, in the order of their text.</summary>
    internal async Task<string[]> AskAsync(string query = "http://api") =>
        [.. (await QueryAsync(query)).Endpoints.Select(static endpoint => endpoint.EndPoint is UriEndPoint uri ? uri.Uri.GetLeftPart(UriPartial.Authority) : $"{endpoint.EndPoint}").Order(StringComparer.Ordinal)];

    /// <summary>Gets what is known of an endpoint besides its address.</summary>
    internal async Task<EndpointMetadata> GetMetadataAsync(string host, string query = "http://api") =>
        (await QueryAsync(query)).Endpoints.Single(endpoint => GetHost(endpoint.EndPoint) == host).Features.Get<EndpointMetadata>()!;

    /// <summary>Asks service discovery again and again, as a balanced client does, until it has these addresses.</summary>
    internal Task HasAsync(params string[] addresses) => HasAsync("http://api", addresses);

    internal async Task HasAsync(string query, string[] addresses)
    {
        string[] last = [];
        try
        {
            await Eventually.TrueAsync(
                async () => (last = await AskAsync(query)).SequenceEqual(addresses.Order(StringComparer.Ordinal)), $"{query} is {string.Join(", ", addresses)}");
        }
        catch (Xunit.Sdk.XunitException e)
        {
            Assert.Fail($"{e.Message}; it is {string.Join(", ", last)}");
        }
    }

    /// <summary>Waits until the log has a message with an event id, and gets the first of them.</summary>
    internal async Task<FakeLogRecord> LoggedAsync(int id)
    {
        await Eventually.TrueAsync(() => Task.FromResult(Find(id).Length > 0), $"the event {id} is logged");
        return Find(id)[0];
    }

    /// <summary>Collects what a counter of discovery counts from now on.</summary>
    internal MetricCollector<long> Collect(string instrument) =>
        new(_services.GetRequiredService<IMeterFactory>(), KubernetesLog.Category, instrument);

    internal FakeLogRecord[] Find(int id) => [.. Log.GetSnapshot().Where(record => record.Id.Id == id)];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _account.Delete(recursive: true);
    }

    private static string GetHost(EndPoint endPoint) => endPoint is UriEndPoint uri ? uri.Uri.IdnHost : ((IPEndPoint)endPoint).Address.ToString();
}
