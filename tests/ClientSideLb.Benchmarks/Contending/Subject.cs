namespace ClientSideLb.Benchmarks.Contending;

/// <summary>A strategy's work, and the work of YARP's policy of the same kind, with each number of threads.</summary>
internal sealed class Subject
{
    private readonly Dictionary<int, Series> _own;
    private readonly Dictionary<int, Series> _ownEach;
    private readonly Dictionary<int, Series> _yarp;

    /// <param name="own">The strategy's work.</param>
    /// <param name="yarp">The work of YARP's policy, or <see langword="null"/> where there is none.</param>
    /// <param name="options">What is measured.</param>
    internal Subject(Work own, Work? yarp, ContentionOptions options)
    {
        Name = own.Name;
        _own = options.Threads.ToDictionary(static threads => threads, threads => Series.AtOne(own, threads, options.Rounds));
        _ownEach = options.Threads.Skip(1).ToDictionary(static threads => threads, threads => Series.AtOneEach(own, threads, options.Rounds));
        _yarp = yarp is null ? [] : options.Threads.ToDictionary(static threads => threads, threads => Series.AtOne(yarp, threads, options.Rounds));
    }

    internal string Name { get; }

    /// <summary>Gets all series. Those that are compared with each other are close to each other.</summary>
    internal IEnumerable<Series> All => _own.Keys.SelectMany(threads => new[]
    {
        _own[threads], _yarp.GetValueOrDefault(threads), _ownEach.GetValueOrDefault(threads),
    }.OfType<Series>());

    /// <summary>Gets the series of threads at one cluster.</summary>
    internal Series Own(int threads) => _own[threads];

    /// <summary>Finds the series of threads with a cluster each.</summary>
    internal Series? FindOwnEach(int threads) => _ownEach.GetValueOrDefault(threads);

    /// <summary>Finds the series of YARP's policy.</summary>
    internal Series? FindYarp(int threads) => _yarp.GetValueOrDefault(threads);
}
