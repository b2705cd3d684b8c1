using ClientSideLb.Benchmarks.Picking;

namespace ClientSideLb.Benchmarks.Contending;

/// <summary>The single pieces of a request's way that touch what requests share.</summary>
internal static class PieceWork
{
    private const int Addresses = 16;

    private static readonly OutlierSettings Outliers = new OutlierDetectionOptions().ToSettings(TimeProvider.System);
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);
    private static readonly Uri[] Repeated = [.. Enumerable.Range(0, Addresses).Select(static i => AddressOf(i))];

    internal static IEnumerable<Work> All(ContentionOptions options) =>
    [
        Of("an empty call", static () => new object(), static _ => { }),
        Of("turn of round robin", () => Pickers.Create(LoadBalancingStrategies.RoundRobin, options.Endpoints, Random.Shared), static picker => picker.Pick(default)),
        Of("in flight, begin and end", static () => Pickers.Endpoints(1)[0], static endpoint =>
        {
            endpoint.AddInFlight();
            endpoint.RemoveInFlight();
        }),
        Timed("retry budget, a request", static () => new RetryBudgetWindow(TimeProvider.System), static (budget, now) => budget.AddRequest(now)),
        Timed("sign of life", static () => new FailureTracker(), static (failures, now) => failures.ObserveSignOfLife(now)),
        Timed("window of failures, a success", static () => new FailureTracker(), static (failures, now) => failures.ObserveSuccess(now, Outliers)),
        Of("bytes of a body", static () => new FailureTracker(), static failures => failures.ObserveSignOfLife()),
        Of("row of server errors, a good answer", static () => new ErrorRow(), static row => row.AddGood()),
        Of("penalty, a success without one", static () => new LoadPenalty(new PenaltyCount()), static penalty => penalty.AddSuccess(Wait)),
        Timed("penalty, a failure", static () => new LoadPenalty(new PenaltyCount()), static (penalty, now) => penalty.AddFailure(new TimeSpan(now))),
        Of("wait for headers, begin and end", static () => new RequestWaits(TimeProvider.System, static () => { }), static waits =>
        {
            waits.Begin();
            waits.End();
        }),
        Of("histogram of waits", static () => new AnswerTimes(), static times => times.Add(Wait, TimeSpan.FromSeconds(1))),
        Of("latency estimate", static () => new LatencyEstimate(), static estimate => estimate.Add(Wait)),
        Timed("estimate of Peak EWMA", static () => new PeakEstimate(TimeSpan.FromSeconds(10)), static (estimate, now) => estimate.Add(Wait, new TimeSpan(now))),
        Rewriting("rewritten address, repeated", static i => Repeated[i % Addresses]),
        Rewriting("rewritten address, ever new", AddressOf),
        Of("watch for a dropped body", static () => new object(), static _ => BodyWatch.Begin(null!).End()),
        Of("clock", static () => TimeProvider.System, static time => time.GetTimestamp()),
        Results("lease and result, answered at once", endpoints: 1, isWaiting: false),
        Results("the same, at neighbouring endpoints", options.Threads[^1], isWaiting: false),
        Results("lease, wait and result", endpoints: 1, isWaiting: true),
        Results("the same, at neighbouring endpoints", options.Threads[^1], isWaiting: true),
    ];

    private static Work Of<T>(string name, Func<T> create, Action<T> operate) => new(name, () =>
    {
        var thing = create();
        return _ => count =>
        {
            for (var i = 0; i < count; i++)
            {
                operate(thing);
            }
        };
    });

    // The clock is read once for a batch. Then each operation is a little later than the one before.
    private static Work Timed<T>(string name, Func<T> create, Action<T, long> operate) => new(name, () =>
    {
        var thing = create();
        return _ => count =>
        {
            var now = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                operate(thing, now + i);
            }
        };
    });

    private static Work Rewriting(string name, Func<int, Uri> addressOf) => new(name, () =>
    {
        var cache = new RewriteCache(new RewriteTable());
        var endpoint = Pickers.AddressOf(0);
        return thread =>
        {
            // Threads that ask for new addresses ask for different ones.
            var next = thread << 24;
            return count =>
            {
                for (var i = 0; i < count; i++)
                {
                    cache.GetAddress(endpoint, addressOf(next++));
                }
            };
        };
    });

    // All that a request without a body counts at its endpoint.
    private static Work Results(string name, int endpoints, bool isWaiting) => new(name, () =>
    {
        var cluster = ClusterInUse.Create(LoadBalancingStrategies.RoundRobin, endpoints);
        return thread =>
        {
            var endpoint = cluster.Endpoints[thread % endpoints];
            var answer = Pickers.AnswerOf(endpoint, Wait);
            return count =>
            {
                var now = TimeProvider.System.GetTimestamp();
                for (var i = 0; i < count; i++)
                {
                    var lease = EndpointLease.TryTake(endpoint, now + i)!;
                    if (isWaiting)
                    {
                        lease.BeginWait();
                    }

                    lease.EndWait();
                    cluster.Observe(lease, in answer);
                    lease.Release();
                }
            };
        };
    });

    private static Uri AddressOf(int number) => new($"http://api/orders/{number}?page=1");
}
