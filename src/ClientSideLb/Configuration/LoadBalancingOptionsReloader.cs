using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Configuration;

/// <summary>Creates the options of clients, and reports changes of configuration that may change them.</summary>
/// <remarks>
/// <see cref="IOptionsMonitor{TOptions}"/> is not suitable. It drops the old options before it validates the new ones, so it has no options
/// after a faulty reload. It also throws the exception in the code that reloads the configuration.
/// </remarks>
internal sealed class LoadBalancingOptionsReloader(
    IOptionsFactory<LoadBalancingOptions> factory,
    IEnumerable<IOptionsChangeTokenSource<LoadBalancingOptions>> sources)
{
    /// <summary>Creates and validates the options of a client.</summary>
    /// <exception cref="OptionsValidationException">The options are not valid. The message names every fault.</exception>
    internal LoadBalancingOptions Create(string clientName) => factory.Create(clientName);

    /// <summary>Calls <paramref name="changed"/> after each change of a bound configuration, until the returned registrations are disposed.</summary>
    internal List<IDisposable> OnChange(Action changed) =>
        [.. sources.Select(source => ChangeToken.OnChange(source.GetChangeToken, changed))];
}
