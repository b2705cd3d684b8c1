namespace ClientSideLb.Endpoints;

/// <summary>
/// The state that a strategy keeps for an endpoint, and those that were added before it. There is one for each type, and nearly always one type, so a
/// list takes far less memory than a dictionary. It is thread-safe without a lock.
/// </summary>
internal sealed class StrategyState
{
    private readonly object _value;
    private readonly Type _type;
    private readonly StrategyState? _earlier;

    private StrategyState(object value, Type type, StrategyState? earlier)
    {
        _value = value;
        _type = type;
        _earlier = earlier;
    }

    /// <summary>Gets the state of a type, and creates it if there is none. If several threads create it at the same time, one of them wins.</summary>
    /// <typeparam name="TState">The type.</typeparam>
    /// <param name="latest">The state that was added last.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="create">Creates the state.</param>
    internal static TState GetOrAdd<TState>(ref StrategyState? latest, ClusterEndpoint endpoint, Func<ClusterEndpoint, TState> create)
        where TState : class
    {
        TState? created = null;
        while (true)
        {
            var first = Volatile.Read(ref latest);
            if (Find(first, typeof(TState)) is { } found)
            {
                return (TState)found;
            }

            if (created is null)
            {
                created = create(endpoint);
                ArgumentNullException.ThrowIfNull(created, nameof(create));
            }
            else if (ReferenceEquals(Interlocked.CompareExchange(ref latest, new StrategyState(created, typeof(TState), first), first), first))
            {
                return created;
            }
        }
    }

    private static object? Find(StrategyState? latest, Type type)
    {
        for (var state = latest; state is not null; state = state._earlier)
        {
            if (state._type == type)
            {
                return state._value;
            }
        }

        return null;
    }
}
