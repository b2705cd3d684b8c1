using ClientSideLb.Configuration;

namespace ClientSideLb.Clients;

/// <summary>
/// The base address of a client without one. It names the service like the client, and prefers https to http. A name that a generator made says nothing as
/// a host, so it is <c>default</c>.
/// </summary>
internal static class DefaultBaseAddress
{
    private const string NoName = "default";

    internal static Uri For(string clientName) => new($"https+http://{GetHost(clientName)}/");

    // The name of a typed client may contain characters that a host name may not, as in Orders<Invoice>. They are replaced, because a client
    // with static endpoints may have any name.
    private static string GetHost(string clientName)
    {
        if (GeneratedName.Is(clientName))
        {
            return NoName;
        }

        var host = string.Concat(clientName.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '-')).Trim('-', '.');
        return host.Length > 0 ? host : NoName;
    }
}
