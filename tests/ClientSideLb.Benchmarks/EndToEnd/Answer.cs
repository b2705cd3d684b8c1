namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>What came back for a request.</summary>
/// <param name="Backend">The index of the backend that gave it.</param>
/// <param name="IsError">Whether it is a status 500.</param>
internal readonly record struct Answer(int Backend, bool IsError = false);
