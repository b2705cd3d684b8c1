namespace ClientSideLb;

/// <summary>What the page asks for: to drain or to resume an endpoint.</summary>
/// <param name="Client">The name of the client.</param>
/// <param name="Service">The name of the service.</param>
/// <param name="Endpoint">The endpoint's address.</param>
internal sealed record Change(string? Client, string? Service, string? Endpoint);
