namespace ClientSideLb.Tests.Functional;

/// <summary>With nothing between the balancer and what follows redirects.</summary>
public sealed class RedirectsDirectlyBelowTests() : RedirectTests(logs: false);
