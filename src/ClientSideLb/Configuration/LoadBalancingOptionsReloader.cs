using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Configuration;

/// <summary>Creates a client's options, and tells when a change of configuration may have made them new.</summary>
/// <remarks>
/// <see cref="IOptionsMonitor{TOptions}"/> is not used: it drops the old options before it validates the new ones, so that after a
/// faulty reload it has none at all, and it throws into whoever reloaded the configuration.
/// </remarks>
internal sealed class LoadBalancingOptionsReloader(
    IOptionsFactory<LoadBalancingOptions> factory,
    IEnumerable<IOptionsChangeTokenSource<LoadBalancingOptions>> sources)
{
    /// <summary>Creates and validates the options of a client.</summary>
    /// <exception cref="OptionsValidationException">They are not valid; it names every fault.</exception>
    internal LoadBalancingOptions Create(string clientName) => factory.Create(clientName);

    /// <summary>Calls <paramref name="changed"/> after each change of a bound configuration, until the returned registrations are disposed.</summary>
    internal List<IDisposable> OnChange(Action changed) =>
        [.. sources.Select(source => ChangeToken.OnChange(source.GetChangeToken, changed))];
}
