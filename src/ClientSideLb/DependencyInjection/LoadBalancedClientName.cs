namespace ClientSideLb.DependencyInjection;

/// <summary>The name of a balanced client. One is registered for each, so that start-up can check the options of all of them.</summary>
internal sealed record LoadBalancedClientName(string Name);
