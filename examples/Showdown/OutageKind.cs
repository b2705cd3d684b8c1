namespace Showdown;

/// <summary>How a backend goes out.</summary>
internal enum OutageKind
{
    /// <summary>The backend is killed without a warning, with requests under way.</summary>
    Kill,

    /// <summary>The backend is taken out for maintenance: its requests finish before it is stopped.</summary>
    Drain,
}
