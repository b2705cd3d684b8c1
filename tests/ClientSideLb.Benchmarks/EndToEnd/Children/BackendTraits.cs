using System.Text.Json;

namespace ClientSideLb.Benchmarks.EndToEnd.Children;

/// <summary>How a backend behaves. By default it answers at once.</summary>
internal sealed record BackendTraits
{
    /// <summary>Gets how long an answer takes.</summary>
    public int Milliseconds { get; init; }

    /// <summary>Gets how long an answer takes while the backend is as cold as it gets. It warms up evenly, and is warm unless it is told to be cold.</summary>
    public int ColdMilliseconds { get; init; }

    /// <summary>Gets how long the answer to a dear request takes.</summary>
    public int DearMilliseconds { get; init; }

    /// <summary>Gets the part of the requests that is answered with a status 500, and at once.</summary>
    public double ErrorRate { get; init; }

    /// <summary>Gets how many requests are worked on at once while the others wait, or 0 where there is no limit.</summary>
    public int AtOnce { get; init; }

    internal static BackendTraits Parse(string argument) => JsonSerializer.Deserialize<BackendTraits>(argument)!;

    /// <summary>Gives what a child's command line says of them.</summary>
    internal string ToArgument() => JsonSerializer.Serialize(this);
}
