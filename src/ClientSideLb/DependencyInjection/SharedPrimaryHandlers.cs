using System.Collections.Concurrent;
using ClientSideLb.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientSideLb.DependencyInjection;

/// <summary>
/// Finds out which clients have a primary handler that the application keeps and may use elsewhere too, such as one static
/// <see cref="SocketsHttpHandler"/>.
/// </summary>
/// <remarks>
/// A handler does not show that. So the function that gave a client its first handler is called a second time: if it returns the same handler, the
/// handler is shared. Functions that configure an existing handler, or that create other handlers, are not called.
/// </remarks>
internal sealed class SharedPrimaryHandlers(IServiceScopeFactory scopes, IOptionsMonitor<HttpClientFactoryOptions> options)
{
    private readonly ConcurrentDictionary<string, bool> _answers = new(StringComparer.Ordinal);

    /// <summary>Tells whether a client's primary handler is shared. The first call for a client decides.</summary>
    internal bool IsShared(string clientName, HttpMessageHandler primary) =>
        primary is SocketsHttpHandler or HttpClientHandler && _answers.GetOrAdd(clientName, FindOut, primary);

    private bool FindOut(string clientName, HttpMessageHandler primary)
    {
        // In a scope of its own, the container makes another instance of a scoped handler. Such a handler is not shared.
        using var scope = scopes.CreateScope();
        try
        {
            // A second handler is not disposed. It has no connections, and the application may use that one elsewhere.
            return ReferenceEquals(primary, new PrimaryHandlerBuilder(clientName, scope.ServiceProvider, initial: null).Run(options.Get(clientName)));
        }
        catch (Exception)
        {
            // The function worked only once, so it does not return a handler that it keeps.
            return false;
        }
    }
}
