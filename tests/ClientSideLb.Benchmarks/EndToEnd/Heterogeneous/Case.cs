using ClientSideLb.Benchmarks.EndToEnd.Children;

namespace ClientSideLb.Benchmarks.EndToEnd.Heterogeneous;

/// <summary>Backends that differ, or requests that do, and who is compared.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Description">What the backends do, for the line above the table.</param>
/// <param name="Usual">How all backends behave, or all but one.</param>
/// <param name="Odd">How the last backend behaves, or <see langword="null"/> where it is like the others.</param>
/// <param name="Contenders">The rows of the table.</param>
internal sealed record Case(string Name, string Description, BackendTraits Usual, BackendTraits? Odd, IReadOnlyList<Contender> Contenders)
{
    /// <summary>How many backends there are.</summary>
    internal const int Backends = 10;

    /// <summary>The index of the backend that may be unlike the others.</summary>
    internal const int OddBackend = Backends - 1;

    /// <summary>Gets a value indicating whether the round robin of a gateway is compared as well.</summary>
    internal bool HasGateway { get; init; }

    /// <summary>Gets a value indicating whether the odd backend is cold when a turn begins, and warm after half of it.</summary>
    internal bool StartsCold => Odd is { ColdMilliseconds: > 0 };

    /// <summary>Gets a value indicating whether some requests take longer than others, wherever they go.</summary>
    internal bool HasDearRequests => Usual.DearMilliseconds > 0;

    /// <summary>Gets the arguments with which the process of the backends starts.</summary>
    internal IEnumerable<string> BackendArguments =>
        Enumerable.Range(0, Backends).Select(backend => (backend == OddBackend ? Odd ?? Usual : Usual).ToArgument());
}
