using System.Diagnostics.CodeAnalysis;

namespace ClientSideLb.Strategies;

/// <summary>Finds the strategies that are registered in the container by their names.</summary>
internal sealed class StrategyCatalog
{
    private readonly Dictionary<string, ILoadBalancingStrategy> _byName = new(StringComparer.OrdinalIgnoreCase);

    public StrategyCatalog(IEnumerable<ILoadBalancingStrategy> strategies)
    {
        foreach (var strategy in strategies)
        {
            if (string.IsNullOrWhiteSpace(strategy.Name))
            {
                throw new InvalidOperationException($"The load balancing strategy {strategy.GetType()} has no Name.");
            }

            if (!_byName.TryAdd(strategy.Name, strategy))
            {
                throw new InvalidOperationException(
                    $"The load balancing strategies {_byName[strategy.Name].GetType()} and {strategy.GetType()} have the same name, '{strategy.Name}'. Rename one of them.");
            }
        }
    }

    /// <summary>Gets all names, separated by commas, for messages.</summary>
    internal string Names => string.Join(", ", _byName.Keys);

    internal bool TryGet(string? name, [NotNullWhen(true)] out ILoadBalancingStrategy? strategy)
    {
        strategy = null;
        return name is not null && _byName.TryGetValue(name, out strategy);
    }
}
