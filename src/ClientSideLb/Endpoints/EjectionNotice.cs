namespace ClientSideLb.Endpoints;

/// <summary>The reason and the end of an ejection, in the form that users see.</summary>
/// <param name="Reason">Why the endpoint is ejected, in words.</param>
/// <param name="Until">The time at which the ejection time ends, so that a trial request may bring the endpoint back.</param>
internal sealed record EjectionNotice(string Reason, DateTimeOffset Until);
