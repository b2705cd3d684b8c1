namespace Showdown;

/// <summary>An event that concerns the backends.</summary>
/// <param name="Answered">The number of requests that had been answered by then.</param>
/// <param name="Text">The event in words.</param>
internal sealed record Event(int Answered, string Text);
