using System.Net;

namespace ClientSideLb.Requests;

/// <summary>Takes it over from a primary handler to follow redirects, see <see cref="RedirectHandler"/>.</summary>
internal static class Redirects
{
    private const string MaxRedirects = "ClientSideLb.MaxRedirects";

    /// <summary>Follows redirects around a primary handler, where that would follow them and is of a kind that can leave it.</summary>
    internal static HttpMessageHandler Around(HttpMessageHandler primary)
    {
        TakeFrom(primary);
        return AreTakenFrom(primary) ? new RedirectHandler(primary, (int)PropertiesOf(primary)![MaxRedirects]!) : primary;
    }

    /// <summary>Tells whether a primary handler, which may be shared by several clients, has given it up to follow redirects by itself.</summary>
    internal static bool AreTakenFrom(HttpMessageHandler primary) => PropertiesOf(primary)?.ContainsKey(MaxRedirects) == true;

    private static void TakeFrom(HttpMessageHandler primary)
    {
        try
        {
            // Credentials that are not bound to a host only the handler itself can withhold from others: it keeps its redirects.
            switch (primary)
            {
                case SocketsHttpHandler { AllowAutoRedirect: true, Credentials: null or CredentialCache } sockets:
                    sockets.AllowAutoRedirect = false;
                    sockets.Properties[MaxRedirects] = sockets.MaxAutomaticRedirections;
                    break;
                case HttpClientHandler { AllowAutoRedirect: true, Credentials: null or CredentialCache } handler:
                    handler.AllowAutoRedirect = false;
                    handler.Properties[MaxRedirects] = handler.MaxAutomaticRedirections;
                    break;
            }
        }
        catch (InvalidOperationException)
        {
            // It is shared, has begun to send, and can no longer be changed.
        }
    }

    private static IDictionary<string, object?>? PropertiesOf(HttpMessageHandler primary) => primary switch
    {
        SocketsHttpHandler sockets => sockets.Properties,
        HttpClientHandler handler => handler.Properties,
        _ => null,
    };
}
