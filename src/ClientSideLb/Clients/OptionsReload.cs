using ClientSideLb.Configuration;
using ClientSideLb.Requests;
using ClientSideLb.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Clients;

/// <summary>Applies changed options to the clients. If a client's new options are not valid, it keeps its previous settings.</summary>
/// <param name="options">Reports when options may have changed.</param>
/// <param name="sections">The sections of the configuration that are bound to the options of clients.</param>
/// <param name="readSettings">Reads the settings of a client.</param>
/// <param name="names">Shortens the names of clients.</param>
/// <param name="history">Keeps the changes.</param>
/// <param name="logger">The log for reloads.</param>
internal sealed class OptionsReload(
    LoadBalancingOptionsReloader options,
    IEnumerable<BoundSection> sections,
    Func<string, ClientSettings> readSettings,
    ClientNames names,
    ClusterHistory history,
    ILogger logger) : IDisposable
{
    private readonly Lock _reloading = new();
    private readonly BoundSection[] _sections = [.. sections];
    private readonly HashSet<string> _refusedSwitches = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, LoadBalancedClient>? _clients;
    private List<IDisposable> _registrations = [];

    /// <summary>Starts to reload the settings of the clients in a dictionary.</summary>
    internal void Start(IReadOnlyDictionary<string, LoadBalancedClient> clients)
    {
        _clients = clients;
        _registrations = options.OnChange(this, static (reload, clientName) => reload.Reload(clientName));
    }

    /// <summary>
    /// Reads the first settings of a client and adds the client, while no reload runs, so that the client does not miss a reload.
    /// </summary>
    internal LoadBalancedClient Add(string clientName, Func<ClientSettings, LoadBalancedClient> add)
    {
        lock (_reloading)
        {
            if (_clients!.TryGetValue(clientName, out var client))
            {
                return client;
            }

            ReportUnknownKeys(clientName);
            return add(readSettings(clientName));
        }
    }

    public void Dispose() => _registrations.ForEach(static registration => registration.Dispose());

    private void Reload(string? clientName)
    {
        lock (_reloading)
        {
            foreach (var client in _clients!.Values)
            {
                if (clientName is null || clientName == client.Name)
                {
                    Reload(client);
                }
            }
        }
    }

    private void Reload(LoadBalancedClient client)
    {
        string changes;
        try
        {
            ReportUnknownKeys(client.Name);
            var settings = readSettings(client.Name);
            if (settings.IsStatic != client.Settings.IsStatic)
            {
                RefuseSwitch(client);
                return;
            }

            changes = OptionChanges.Describe(client.Settings.Options, settings.Options);
            client.Configure(settings);
        }
        catch (Exception fault)
        {
            // The cause may be anything from a word in place of a number to a strategy that fails. In each case the client keeps the old
            // options.
            logger.OptionsReloadRefused(fault, client.ShortName);
            return;
        }

        _refusedSwitches.Remove(client.Name);
        if (changes.Length > 0)
        {
            logger.OptionsReloaded(client.ShortName, changes);
            history.AddReload(client.Name, client.ShortName, changes);
        }
    }

    // A section is empty for a moment while its file is replaced. A client that took that for a wish to use service discovery would lose all its
    // endpoints. Watchers of files report a change several times, but one warning is enough.
    private void RefuseSwitch(LoadBalancedClient client)
    {
        if (!_refusedSwitches.Add(client.Name))
        {
            return;
        }

        if (client.Settings.IsStatic)
        {
            logger.StaticEndpointsMissing(client.ShortName);
        }
        else
        {
            logger.StaticEndpointsIgnored(client.ShortName);
        }
    }

    private void ReportUnknownKeys(string clientName)
    {
        var unknown = _sections.Where(section => section.IsFor(clientName)).SelectMany(static section => section.FindUnknownKeys()).Distinct().ToList();
        if (unknown.Count > 0)
        {
            logger.UnknownKeys(names.Shorten(clientName), string.Join(", ", unknown));
        }
    }
}
