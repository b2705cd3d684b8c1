namespace ClientSideLb.Consul.Tests.Support;

/// <summary>A query that the test's Consul got.</summary>
/// <param name="Address">The path and the query.</param>
/// <param name="Token">The token, or <see langword="null"/>.</param>
internal sealed record ReceivedQuery(string Address, string? Token)
{
    /// <summary>Gets the index that the query waits with, or <see langword="null"/> if it does not wait.</summary>
    internal string? Index => Address.Split('?', '&').FirstOrDefault(static part => part.StartsWith("index=", StringComparison.Ordinal))?["index=".Length..];
}
