namespace ClientSideLb.DependencyInjection;

/// <summary>Remembers in the container that a client is balanced.</summary>
internal sealed record LoadBalancedClientName(string Name);
