namespace ClientSideLb.Endpoints;

/// <summary>What is told of an ejection.</summary>
/// <param name="Reason">Why the endpoint is out.</param>
/// <param name="Until">When it has been out for its time.</param>
internal sealed record EjectionNotice(string Reason, DateTimeOffset Until);
