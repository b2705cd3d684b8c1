namespace ClientSideLb.AspNetCore.Page;

/// <summary>The body of a request to drain or resume an endpoint.</summary>
/// <param name="Client">The name of the client.</param>
/// <param name="Service">The name of the service.</param>
/// <param name="Endpoint">The endpoint's address.</param>
internal sealed record ChangeRequest(string? Client, string? Service, string? Endpoint);
