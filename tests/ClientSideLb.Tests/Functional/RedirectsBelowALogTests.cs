namespace ClientSideLb.Tests.Functional;

/// <summary>There is a handler between the balancer and the handler that follows redirects.</summary>
public sealed class RedirectsBelowALogTests() : RedirectTests(logs: true);
