using ClientSideLb.Configuration;
using ClientSideLb.Requests;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Clients;

/// <summary>Gives each client its settings again when configuration has changed. If they are faulty, the client keeps those from before.</summary>
/// <param name="options">Tells when options may have changed.</param>
/// <param name="readSettings">Reads the settings of a client.</param>
/// <param name="logger">Where reloads are logged.</param>
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

    /// <summary>Runs a function while no reload runs, so that a client that is being made does not miss one.</summary>
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
            // Whatever is wrong with the new options, from a word instead of a number to a strategy that fails, the client runs on with
            // the old ones.
            logger.OptionsReloadRefused(fault, client.Name);
            return;
        }

        logger.OptionsReloaded(client.Name);
    }
}
