namespace ClientSideLb.Clients;

/// <summary>The base address of a client that was given none: https before http, at the service of the client's own name.</summary>
internal static class DefaultBaseAddress
{
    internal static Uri For(string clientName) => new($"https+http://{HostOf(clientName)}/");

    // A typed client's name may hold what no host may, such as Orders<Invoice>; with static endpoints it is only a name.
    private static string HostOf(string clientName)
    {
        var host = string.Concat(clientName.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '-')).Trim('-', '.');
        return host.Length > 0 ? host : "default";
    }
}
