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

    /// <summary>
    /// Calls <paramref name="changed"/> after each change of a bound configuration, with the name of the client that it is bound to, or
    /// <see langword="null"/> for all clients. It does so until the returned registrations are disposed or <paramref name="owner"/> is collected.
    /// </summary>
    /// <remarks>
    /// A configuration may live longer than the container. It does not keep alive a container that is dropped without being disposed.
    /// </remarks>
    internal List<IDisposable> OnChange<TOwner>(TOwner owner, Action<TOwner, string?> changed)
        where TOwner : class
    {
        var reference = new WeakReference<TOwner>(owner);
        return [.. sources.Select(source => Watch(source, reference, changed))];
    }

    private static IDisposable Watch<TOwner>(
        IOptionsChangeTokenSource<LoadBalancingOptions> source, WeakReference<TOwner> owner, Action<TOwner, string?> changed)
        where TOwner : class
    {
        // A source for all clients has the default name.
        var clientName = string.IsNullOrEmpty(source.Name) ? null : source.Name;
        return ChangeToken.OnChange(source.GetChangeToken, () =>
        {
            if (owner.TryGetTarget(out var target))
            {
                changed(target, clientName);
            }
        });
    }
}
