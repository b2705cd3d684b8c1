namespace ClientSideLb.AspNetCore.Status;

/// <summary>A name that a client sends requests to and that no provider of service discovery knows.</summary>
/// <param name="Client">The name of the client as people read it.</param>
/// <param name="Service">The name.</param>
/// <param name="IsRefused">Whether the requests are refused. Otherwise they pass through.</param>
internal sealed record UnknownServiceStatus(string Client, string Service, bool IsRefused);
