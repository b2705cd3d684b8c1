using System.Net;

namespace ClientSideLb.Requests;

/// <summary>Replaces the automatic redirects of a primary handler by a <see cref="RedirectHandler"/>.</summary>
internal static class AutoRedirect
{
    private const string MaxRedirects = "ClientSideLb.MaxRedirects";

    /// <summary>
    /// Switches off the automatic redirects of a primary handler, and wraps it in a <see cref="RedirectHandler"/>. For a handler of another type,
    /// or one that follows no redirects, the wrapper follows none either.
    /// </summary>
    /// <returns>The handler to use.</returns>
    internal static HttpMessageHandler Replace(HttpMessageHandler primary)
    {
        Disable(primary);
        return new RedirectHandler(primary, IsReplaced(primary) ? (int)GetProperties(primary)![MaxRedirects]! : 0);
    }

    /// <summary>
    /// Wraps a primary handler that the application uses elsewhere too. It is not changed, so it follows redirects by itself if it did before.
    /// </summary>
    internal static HttpMessageHandler KeepShared(HttpMessageHandler primary) => new RedirectHandler(new SharedPrimaryHandler(primary), maxRedirects: 0);

    /// <summary>Finds the primary handler of a pipeline, below the <see cref="RedirectHandler"/>.</summary>
    internal static HttpMessageHandler FindPrimary(HttpMessageHandler pipeline)
    {
        var handler = pipeline;
        while (handler is DelegatingHandler { InnerHandler: { } inner })
        {
            if (handler is RedirectHandler)
            {
                return inner;
            }

            handler = inner;
        }

        return handler;
    }

    /// <summary>
    /// Tells whether the automatic redirects of a primary handler have been switched off here. Several clients may share the handler, so
    /// another client may have caused that.
    /// </summary>
    internal static bool IsReplaced(HttpMessageHandler primary) => GetProperties(primary)?.ContainsKey(MaxRedirects) == true;

    private static void Disable(HttpMessageHandler primary)
    {
        try
        {
            // Credentials that are not bound to a host must not reach other hosts. Only the handler itself can ensure that, so it keeps
            // following redirects.
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
            // The handler is shared and has sent a request, so its properties cannot be changed any more.
        }
    }

    private static IDictionary<string, object?>? GetProperties(HttpMessageHandler primary) => primary switch
    {
        SocketsHttpHandler sockets => sockets.Properties,
        HttpClientHandler handler => handler.Properties,
        _ => null,
    };
}
