namespace Quickstart;

/// <summary>Something that happened to the backends, and how many requests had been answered by then.</summary>
internal sealed record Event(int Answered, string What);
