using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Chaos;

/// <summary>
/// Everything at once, for a long time: requests with every possible end, callers that read, dispose of or drop their answers, endpoints that
/// come and go, drains, probes, reloads and rotated handlers. In the end nothing is in flight, and no more memory is in use.
/// </summary>
[Collection(ChaosCollection.Name)]
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>The variable with the number of requests. The full soak sends 1000000.</summary>
    private const string RequestsVariable = "CLIENTSIDELB_SOAK_REQUESTS";

    private const int DefaultRequests = 60_000;
    private const int Workers = 128;
    private const int Endpoints = 10;

    /// <summary>How much more memory may be in use at the end than at half time. Pools and tables of the runtime may grow; a leak is larger.</summary>
    private const long MemoryTolerance = 2 * 1024 * 1024;

    private static readonly string[] Clients = ["plain", "hedged"];

    private readonly ConcurrentDictionary<ClusterEndpoint, bool> _endpoints = new();
    private readonly ConcurrentDictionary<string, int> _outcomes = new();
    private readonly ConcurrentQueue<Exception> _unexpected = new();
    private readonly ReloadableConfiguration _configuration = new(Configuration(new Random(1)));
    private ServiceProvider? _services;
    private int _changes;
    private int _handlers;
    private int _attempts;
    private int _seen;

    [Fact]
    public async Task The_soak_leaves_nothing_in_flight_and_memory_flat()
    {
        var requests = int.TryParse(Environment.GetEnvironmentVariable(RequestsVariable), CultureInfo.InvariantCulture, out var given) ? given : DefaultRequests;
        _services = Build();
        var started = TimeProvider.System.GetTimestamp();

        // The first half warms up what the runtime compiles and pools once.
        await RunAsync(requests / 2, seed: 1);
        var half = await SettleAsync();
        await RunAsync(requests / 2, seed: 2);
        var end = await SettleAsync();

        var time = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine($"{requests} requests in {time.TotalSeconds:0.0} s, {_attempts} attempts, {_changes} changes, {_handlers} handlers, {_seen} endpoints");
        output.WriteLine($"in use at half time {half / 1024} KiB, at the end {end / 1024} KiB");
        foreach (var (outcome, count) in _outcomes.OrderByDescending(static pair => pair.Value))
        {
            output.WriteLine($"{count} × {outcome}");
        }

        Assert.Empty(_unexpected);
        Assert.InRange(end - half, long.MinValue, MemoryTolerance);
    }

    public void Dispose() => _services?.Dispose();

    private static (string Key, string Value)[] Configuration(Random random) =>
    [
        ("Strategy", EveryStrategy.Names[random.Next(EveryStrategy.Names.Count)]),
        ("PanicThreshold", "0.2"),
        ("SlowStart", "00:00:00.05"),
        ("OutlierDetection:BaseEjectionTime", "00:00:00.02"),
        ("OutlierDetection:MaxEjectionTime", "00:00:00.2"),
        ("OutlierDetection:UnansweredWait", "00:00:00.001"),
        ("ActiveHealthCheck:Enabled", $"{random.Next(4) > 0}"),
        ("ActiveHealthCheck:Interval", "00:00:00.02"),
        ("ActiveHealthCheck:UnhealthyInterval", "00:00:00.01"),
        ("Failover:Enabled", $"{random.Next(8) > 0}"),
        ("Failover:MaxAttempts", $"{random.Next(1, 5)}"),
        ("Failover:AttemptTimeout", "00:00:00.02"),
        .. Enumerable.Range(0, Endpoints).Where(_ => random.Next(4) > 0).Append(0).Distinct().SelectMany(i => ((string, string)[])
        [
            ($"Endpoints:{i}:Address", Address(i).ToString()),
            ($"Endpoints:{i}:Weight", $"{random.Next(6)}"),
        ]),
    ];

    private static Uri Address(int i) => new($"http://10.0.0.{i + 1}:8080/");

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        var probe = new RandomProbe();
        foreach (var name in Clients)
        {
            services.AddHttpClient(name)
                .SetHandlerLifetime(TimeSpan.FromSeconds(1))
                .ConfigurePrimaryHttpMessageHandler(() => new Stub(() => Interlocked.Increment(ref _attempts), Interlocked.Increment(ref _handlers)))
                .AddLoadBalancing(_configuration.Root)
                .AddLoadBalancing(options =>
                {
                    options.ActiveHealthCheck.UseProbe(probe);
                    options.Failover.HedgingDelay = name == "hedged" ? TimeSpan.FromMilliseconds(2) : null;
                });
        }

        return services.BuildServiceProvider(validateScopes: true);
    }

    private async Task RunAsync(int requests, int seed)
    {
        using var ended = new CancellationTokenSource();
        var operations = Task.Run(() => OperateAsync(new Random(seed), ended.Token));
        var left = requests;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random((seed * Workers) + worker);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await SendAsync(random);
            }
        })));
        await ended.CancelAsync();
        await operations;
    }

    // The operator reloads, drains and resumes.
    private async Task OperateAsync(Random random, CancellationToken ended)
    {
        var clusters = _services!.GetRequiredService<IClusterRegistry>();
        while (!ended.IsCancellationRequested)
        {
            if (random.Next(4) == 0)
            {
                _configuration.Replace(Configuration(random));
            }

            foreach (var cluster in clusters.Clusters)
            {
                _ = random.Next(3) == 0 ? cluster.TryDrain(Address(random.Next(Endpoints))) : cluster.TryResume(Address(random.Next(Endpoints)));
            }

            _changes++;
            await Task.Delay(2, CancellationToken.None);
        }
    }

    private async Task SendAsync(Random random)
    {
        using var cancellation = new CancellationTokenSource();
        var request = NewRequest(random);
        try
        {
            var http = _services!.GetRequiredService<IHttpClientFactory>().CreateClient(Clients[random.Next(Clients.Length)]);
            switch (random.Next(20))
            {
                case 0:
                    await cancellation.CancelAsync();
                    break;
                case 1:
                    cancellation.CancelAfter(random.Next(1, 10));
                    break;
            }

            var completion = random.Next(3) == 0 ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead;
            var isSynchronous = random.Next(20) == 0;
            var response = isSynchronous
                ? http.Send(request, completion, cancellation.Token)
                : await http.SendAsync(request, completion, cancellation.Token);
            Count($"{(int)response.StatusCode}");
            try
            {
                await UseAsync(response, random, cancellation.Token);
            }
            catch (ObjectDisposedException) when (isSynchronous && completion == HttpCompletionOption.ResponseContentRead && cancellation.IsCancellationRequested)
            {
                // HttpContent.LoadIntoBuffer disposes of the content when the caller cancels. If that happens between the last byte and the
                // return of HttpClient.Send, it is too late for another exception, with any handler.
                Count("cancelled while it returned");
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            Count(failure.GetType().Name);
        }
        catch (Exception failure)
        {
            _unexpected.Enqueue(failure);
        }
        finally
        {
            if (request.GetEndpoint() is { } endpoint)
            {
                _endpoints.TryAdd(endpoint, true);
            }
        }
    }

    private void Count(string outcome) => _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);

    private static async Task UseAsync(HttpResponseMessage response, Random random, CancellationToken cancellationToken)
    {
        switch (random.Next(6))
        {
            case 0:
                // The response is dropped.
                break;
            case 1:
                response.Dispose();
                break;
            case 2:
                await response.Content.ReadAsByteArrayAsync(cancellationToken);
                break;
            case 3:
                await response.Content.CopyToAsync(Stream.Null, cancellationToken);
                response.Dispose();
                break;
            case 4:
                var buffer = new byte[64];
                _ = await (await response.Content.ReadAsStreamAsync(cancellationToken)).ReadAsync(buffer, cancellationToken);
                response.Dispose();
                break;
            default:
                using (var reader = new StreamReader(response.Content.ReadAsStream(cancellationToken)))
                {
                    _ = reader.ReadToEnd();
                }

                break;
        }
    }

    private static HttpRequestMessage NewRequest(Random random) => random.Next(4) switch
    {
        0 => new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("order") },
        1 => new HttpRequestMessage(HttpMethod.Put, "/") { Content = new ByteArrayContent(new byte[100]) },
        _ => new HttpRequestMessage(HttpMethod.Get, $"/{random.Next(1000)}"),
    };

    /// <summary>Waits until nothing is in flight. An answer that was dropped counts until it has been collected.</summary>
    private async Task<long> SettleAsync()
    {
        await Eventually.True(
            () =>
            {
                Collect();
                return _endpoints.Keys.All(static endpoint => endpoint.InFlight == 0);
            },
            "nothing is in flight");

        // Endpoints without requests may be forgotten, here as in the cluster.
        _seen += _endpoints.Count;
        _endpoints.Clear();
        Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private sealed class RandomProbe : IHealthProbe
    {
        private readonly Random _random = new(3);
        private readonly Lock _lock = new();

        public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
        {
            await Task.Yield();
            lock (_lock)
            {
                return _random.Next(10) switch
                {
                    0 => throw new InvalidOperationException("sick"),
                    1 => HealthProbeResult.Failed("the dice say so"),
                    _ => HealthProbeResult.Passed,
                };
            }
        }
    }

    /// <summary>A network with random results.</summary>
    private sealed class Stub(Action attempted, int seed) : HttpMessageHandler
    {
        private readonly Random _random = new(seed);
        private readonly Lock _lock = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            attempted();
            var dice = Next(1000);
            if (dice < 10)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            else if (dice < 100)
            {
                await Task.Delay(dice % 5, cancellationToken);
            }

            return Answer(dice, cancellationToken);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            attempted();
            var dice = Next(1000);
            if (dice < 10)
            {
                cancellationToken.WaitHandle.WaitOne();
            }

            return Answer(dice, cancellationToken);
        }

        private int Next(int max)
        {
            lock (_lock)
            {
                return _random.Next(max);
            }
        }

        private HttpResponseMessage Answer(int dice, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (dice)
            {
                case < 500:
                    return new HttpResponseMessage { Content = Body() };
                case < 700:
                    return new HttpResponseMessage { Content = new ByteArrayContent(new byte[200]) };
                case < 750:
                    return new HttpResponseMessage(HttpStatusCode.NoContent);
                case < 850:
                    return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = Body() };
                case < 860:
                    var busy = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
                    busy.Headers.TryAddWithoutValidation("Retry-After", "1");
                    return busy;
                case < 900:
                    throw new HttpRequestException(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused));
                case < 950:
                    throw new HttpRequestException(HttpRequestError.ResponseEnded, "reset", new IOException("reset"));
                default:
                    return new HttpResponseMessage { Content = Body() };
            }
        }

        private StreamContent Body() => new(new Chunks(length: Next(2000), failsAt: Next(20) == 0 ? Next(2000) : int.MaxValue));
    }

    private sealed class Chunks(int length, int failsAt) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_position >= failsAt)
            {
                throw new IOException("The connection broke.");
            }

            var read = Math.Min(Math.Min(buffer.Length, 500), length - _position);
            _position += read;
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            return Read(buffer.Span);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
