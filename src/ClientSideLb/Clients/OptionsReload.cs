using ClientSideLb.Configuration;
using ClientSideLb.Requests;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Clients;

/// <summary>Applies changed options to the clients. If a client's new options are not valid, it keeps its previous settings.</summary>
/// <param name="options">Reports when options may have changed.</param>
/// <param name="readSettings">Reads the settings of a client.</param>
/// <param name="logger">The log for reloads.</param>
internal sealed class OptionsReload(LoadBalancingOptionsReloader options, Func<string, ClientSettings> readSettings, ILogger logger) : IDisposable
{
    private readonly Lock _reloading = new();
    private IReadOnlyDictionary<string, LoadBalancedClient>? _clients;
    private List<IDisposable> _registrations = [];

    /// <summary>Starts to reload the settings of the clients in a dictionary.</summary>
    internal void Start(IReadOnlyDictionary<string, LoadBalancedClient> clients)
    {
        _clients = clients;
        _registrations = options.OnChange(Reload);
    }

    /// <summary>Runs a function while no reload runs, so that a client that the function makes does not miss a reload.</summary>
    internal T WithoutReload<T>(Func<T> function)
    {
        lock (_reloading)
        {
            return function();
        }
    }

    public void Dispose() => _registrations.ForEach(static registration => registration.Dispose());

    private void Reload()
    {
        lock (_reloading)
        {
            foreach (var client in _clients!.Values)
            {
                Reload(client);
            }
        }
    }

    private void Reload(LoadBalancedClient client)
    {
        try
        {
            client.Configure(readSettings(client.Name));
        }
        catch (Exception fault)
        {
            // The cause may be anything from a word in place of a number to a strategy that fails. In each case the client keeps the old
            // options.
            logger.OptionsReloadRefused(fault, client.Name);
            return;
        }

        logger.OptionsReloaded(client.Name);
    }
}
