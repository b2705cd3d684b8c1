namespace Quickstart;

/// <summary>How a backend goes out.</summary>
internal enum OutageKind
{
    /// <summary>It is killed without a warning, with requests under way.</summary>
    Kill,

    /// <summary>It is taken out for maintenance: its requests are finished before it is stopped.</summary>
    Drain,
}
