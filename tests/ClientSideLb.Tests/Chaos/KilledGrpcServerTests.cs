using System.Collections.Concurrent;
using ClientSideLb.Tests.Docs;
using ClientSideLb.Tests.Docs.Grpc;
using ClientSideLb.Tests.Functional;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Chaos;

/// <summary>A gRPC server is killed while calls are under way there. All gRPC calls are POST, which the balancer never sends twice.</summary>
[Collection(ChaosCollection.Name)]
public sealed class KilledGrpcServerTests(ITestOutputHelper output)
{
    private const int Callers = 12;

    private readonly ConcurrentQueue<RpcException> _failures = new();
    private int _answers;

    [Fact]
    public async Task No_call_fails_if_gRPC_itself_repeats_calls_that_are_unavailable()
    {
        await KillOneOfThreeAsync(SnippetsGrpc.Retries);

        Assert.Empty(_failures);
    }

    [Fact]
    public async Task Without_that_only_calls_fail_that_were_under_way_at_the_server()
    {
        await KillOneOfThreeAsync(static services => services
            .AddGrpcClient<Greeter.GreeterClient>(static options => options.Address = new Uri("http://greeter")).AddLoadBalancing());

        Assert.InRange(_failures.Count, 1, Callers);
        Assert.All(_failures, static failure => Assert.Equal(StatusCode.Unavailable, failure.StatusCode));
    }

    private async Task KillOneOfThreeAsync(Action<IServiceCollection> addClient)
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(static _ => BackendProcess.StartAsync(http2: true)));
        try
        {
            var services = new ServiceCollection();
            addClient(services);
            services.AddHttpClient(nameof(Greeter.GreeterClient))
                .UseSocketsHttpHandler(static (handler, _) => handler.UseProxy = false)
                .AddLoadBalancing(options => options.AddEndpoints(servers.Select(static server => server.Address)));
            await using var provider = services.BuildServiceProvider();
            var client = provider.GetRequiredService<Greeter.GreeterClient>();
            using var stop = new CancellationTokenSource();
            var callers = Enumerable.Range(0, Callers).Select(_ => CallAsync(client, stop.Token)).ToList();
            await AnswersAsync(500);

            // So calls are under way at the moment of the kill, and have been received.
            await servers[0].BecomeAsync(Mode.Hung);
            var cluster = provider.GetRequiredService<IClusterRegistry>().Clusters.Single();
            var dying = cluster.Endpoints.Single(endpoint => endpoint.Address == servers[0].Address);
            await Eventually.True(() => dying.InFlight > 0, "a call hangs at the first server");
            await servers[0].KillAsync();
            await AnswersAsync(500);
            await stop.CancelAsync();
            await Eventually.Done(Task.WhenAll(callers));

            output.WriteLine($"{Volatile.Read(ref _answers)} answers, {_failures.Count} failures");
            await Eventually.Equal(0, () => dying.InFlight);
        }
        finally
        {
            await Task.WhenAll(servers.Select(static server => server.DisposeAsync().AsTask()));
        }
    }

    private async Task CallAsync(Greeter.GreeterClient client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // The cancellation ends the loop and no call: a call that is cancelled would hide one that fails.
                await client.SayHelloAsync(new HelloRequest { Name = "shop" }, cancellationToken: CancellationToken.None);
                Interlocked.Increment(ref _answers);
            }
            catch (RpcException failure)
            {
                _failures.Enqueue(failure);
            }
        }
    }

    private Task AnswersAsync(int count)
    {
        var reached = Volatile.Read(ref _answers) + count;
        return Eventually.True(() => Volatile.Read(ref _answers) >= reached, $"{count} more answers");
    }
}
