using System.Net;
using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Picking;

/// <summary>Picks of this library and of YARP from as many endpoints, to be measured side by side.</summary>
internal static class PickContenders
{
    // Twenty characters, as a session's or a user's id may have.
    internal const string Key = "user-0123456789-abcd";

    internal static readonly IPAddress ClientIp = IPAddress.Parse("192.0.2.17");

    /// <summary>Makes the contenders of a strategy: this library's, and YARP's where it has one.</summary>
    /// <param name="strategy">The strategy's name.</param>
    /// <param name="endpoints">How many endpoints to pick from.</param>
    /// <param name="threads">How many threads pick from them at the same time, each as often as a contender is told to.</param>
    internal static Contender[] Of(string strategy, int endpoints, int threads = 1) =>
        [.. new[] { Own(strategy, endpoints), Yarp(strategy, endpoints) }.OfType<Contender>().Select(contender => OnThreads(contender, threads))];

    internal static Contender Own(string strategy, int endpoints) =>
        Picks($"{strategy} {endpoints}", Pickers.Create(strategy, endpoints, Random.Shared));

    /// <summary>Makes a contender whose cluster is divided into levels. See <see cref="Pickers.CreateInLevels"/>.</summary>
    internal static Contender InLevels(string strategy, int endpoints, int levels) =>
        Picks($"{strategy} {endpoints} {levels}", Pickers.CreateInLevels(strategy, endpoints, levels, Random.Shared));

    private static Contender Picks(string name, EndpointPicker picker) =>
        new(name, count =>
        {
            var context = new PickContext(Random.Shared, Key, ClientIp);
            for (var i = 0; i < count; i++)
            {
                picker.Pick(in context);
            }
        });

    /// <summary>Makes a contender that hashes the key of a pick, and does nothing else.</summary>
    internal static Contender KeyHashing()
    {
        var key = Key;
        var sum = 0UL;
        return new Contender("hash of the key", count =>
        {
            for (var i = 0; i < count; i++)
            {
                sum += KeyHash.Of(key);
            }

            // A result that nobody uses might not be computed.
            GC.KeepAlive(sum);
        });
    }

    /// <summary>Makes a contender that tells a picker the result of an attempt, over and over, a microsecond later each time.</summary>
    internal static Contender Results(string strategy)
    {
        var endpoint = Pickers.Endpoints(1)[0];
        var picker = Strategies.Of(strategy).CreatePicker(new EndpointSet([endpoint], [endpoint], Random.Shared));
        var (quick, slow) = (Pickers.AnswerOf(endpoint, TimeSpan.FromMilliseconds(10)), Pickers.AnswerOf(endpoint, TimeSpan.FromMilliseconds(20)));
        var now = TimeSpan.Zero;
        return new Contender($"{strategy}, results", count =>
        {
            for (var i = 0; i < count; i++)
            {
                now += TimeSpan.FromMicroseconds(1);
                picker.OnAttemptEnded((i & 7) == 0 ? slow with { EndedAt = now } : quick with { EndedAt = now });
            }
        });
    }

    internal static Contender? Yarp(string strategy, int endpoints)
    {
        var policy = YarpPolicy.TryCreate(strategy, endpoints);
        return policy is null ? null : new Contender($"YARP {strategy} {endpoints}", count =>
        {
            for (var i = 0; i < count; i++)
            {
                policy.Pick();
            }
        });
    }

    private static Contender OnThreads(Contender contender, int threads) => threads == 1
        ? contender
        : contender with
        {
            Run = count => Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => contender.Run(count)),
        };
}
