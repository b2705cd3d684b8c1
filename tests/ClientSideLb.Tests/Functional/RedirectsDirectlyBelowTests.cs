namespace ClientSideLb.Tests.Functional;

/// <summary>There is no handler between the balancer and the handler that follows redirects.</summary>
public sealed class RedirectsDirectlyBelowTests() : RedirectTests(logs: false);
