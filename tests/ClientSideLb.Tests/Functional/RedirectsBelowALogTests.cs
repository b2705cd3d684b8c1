namespace ClientSideLb.Tests.Functional;

/// <summary>With a handler between the balancer and what follows redirects.</summary>
public sealed class RedirectsBelowALogTests() : RedirectTests(logs: true);
