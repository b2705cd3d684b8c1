using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>
/// The endpoints that one kind of request may use: those with the right scheme, with their availability and the picker that chooses among
/// them. Immutable.
/// </summary>
/// <remarks>
/// Priorities and zones divide the endpoints into levels. The strategy then makes a picker for each level, and a <see cref="LevelPicker"/> chooses the
/// level.
/// </remarks>
internal sealed class ClusterView
{
    /// <summary>The view of a cluster that knows no endpoint.</summary>
    internal static readonly ClusterView Empty = new(
        new EndpointSet([], [], new Random(Seed: 0), StrategySettings.Default, previousPicker: null),
        new Availability([], Count: 0, InPanic: false, UnknownsWait: false),
        NoEndpointPicker.Instance,
        pickerStrategy: null)
    {
        IsPickerCurrent = true,
    };

    private readonly ILoadBalancingStrategy? _pickerStrategy;
    private readonly Level[]? _levels;
    private readonly LevelSettings? _levelSettings;
    private EndpointPicker? _trialPicker;

    private ClusterView(
        EndpointSet set,
        Availability availability,
        EndpointPicker picker,
        ILoadBalancingStrategy? pickerStrategy,
        Level[]? levels = null,
        LevelSettings? levelSettings = null)
    {
        Set = set;
        Availability = availability;
        Picker = picker;
        _pickerStrategy = pickerStrategy;
        _levels = levels;
        _levelSettings = levelSettings;
    }

    internal EndpointSet Set { get; }

    internal Availability Availability { get; }

    /// <summary>Gets the picker. Until the strategy has made one for <see cref="Set"/>, it is the picker of the previous view.</summary>
    internal EndpointPicker Picker { get; }

    /// <summary>Gets a value indicating whether <see cref="Picker"/> was made for <see cref="Set"/>.</summary>
    internal bool IsPickerCurrent { get; private init; }

    /// <summary>Gets a value indicating whether there is more than one level.</summary>
    internal bool HasLevels => _levels is not null;

    /// <summary>Gets a value indicating whether the endpoints have different priorities.</summary>
    internal bool HasPriorities => _levels is { } levels && levels[0].Priority != levels[^1].Priority;

    /// <summary>Gets a value indicating whether the strategy sends equal keys to the same endpoint.</summary>
    internal bool IsKeyed { get; private init; }

    /// <summary>Gets a value indicating whether the picker learns from attempts.</summary>
    internal bool ObservesResults { get; private init; }

    /// <summary>
    /// Makes the view that follows this one after a change. It keeps this view's picker until the strategy has made a new one.
    /// </summary>
    internal ClusterView CreateNext(EndpointSet set, in Availability availability, Level[]? levels, LevelSettings? levelSettings) =>
        new(set, availability, Picker, _pickerStrategy, levels, levelSettings) { ObservesResults = ObservesResults, IsKeyed = IsKeyed, _trialPicker = _trialPicker };

    /// <summary>Makes a view of the same endpoints as another one, with this view's picker.</summary>
    internal ClusterView CreateNext(ClusterView other) => CreateNext(other.Set, other.Availability, other._levels, other._levelSettings);

    /// <summary>Gets the levels of endpoints, or <see langword="null"/> if there is only one. They stay the same objects until an endpoint changes.</summary>
    internal Level[]? GetLevels(ClusterEndpoint[] endpoints, LevelSettings settings) =>
        ReferenceEquals(endpoints, Set.AllArray) && settings.Zone == _levelSettings?.Zone ? _levels : Level.Divide(endpoints, settings.Zone);

    /// <summary>Makes the same view with a picker for its set. This runs code of the application, so the caller holds no lock.</summary>
    internal ClusterView MakePicker(ILoadBalancingStrategy strategy)
    {
        if (Set.AvailableArray.Length == 0)
        {
            return new ClusterView(Set, Availability, NoEndpointPicker.Instance, pickerStrategy: null, _levels, _levelSettings) { IsPickerCurrent = true };
        }

        var previous = ReferenceEquals(strategy, _pickerStrategy) ? Picker : null;
        var picker = _levels is null
            ? CreatePicker(strategy, Set.WithPreviousPicker(previous is LevelPicker ? null : previous))
            : CreateLevelPicker(strategy, Set.AvailableArray, previous as LevelPicker);
        return new ClusterView(Set, Availability, picker, strategy, _levels, _levelSettings)
        {
            IsPickerCurrent = true,
            ObservesResults = picker is LevelPicker levels ? levels.Learns : picker.ObservesResults(),
            IsKeyed = strategy.IsKeyed,
            _trialPicker = strategy.IsKeyed ? MakeTrialPicker(strategy, picker) : null,
        };
    }

    /// <summary>Finds the ejected endpoint that would get the request if it were available, with a keyed strategy.</summary>
    internal ClusterEndpoint? FindTrial(in PickContext context) =>
        _trialPicker?.Pick(in context) is { Health: EndpointHealth.Ejected } endpoint ? endpoint : null;

    private int[] ComputeShares((int Available, int All)[] sizes) => LevelShares.Compute(sizes, _levelSettings!.OverprovisioningFactor);

    // The picker of the set in which the ejected endpoints are available.
    private EndpointPicker? MakeTrialPicker(ILoadBalancingStrategy strategy, EndpointPicker picker)
    {
        if (!Array.Exists(Set.AllArray, static endpoint => endpoint.Health == EndpointHealth.Ejected))
        {
            return null;
        }

        ClusterEndpoint[] available = [.. Set.AllArray.Where((endpoint, index) => endpoint.Health == EndpointHealth.Ejected || Set.IsAvailable(index))];
        return _levels is null ? CreatePicker(strategy, Set.With(available, picker)) : CreateLevelPicker(strategy, available, picker as LevelPicker);
    }

    private static EndpointPicker CreatePicker(ILoadBalancingStrategy strategy, EndpointSet set)
    {
        var picker = strategy.CreatePicker(set);
        set.ForgetPreviousPicker();
        return picker;
    }

    /// <summary>Describes the levels for people, by the present states of the endpoints.</summary>
    internal ClusterLevel[] DescribeLevels()
    {
        if (_levels is null)
        {
            return Set.AllArray.Length == 0
                ? []
                : [new ClusterLevel(Set.AllArray[0].Priority, isLocal: false, Set.All, Set.AllArray.Count(static endpoint => endpoint.IsAvailable), share: 1)];
        }

        var sizes = Array.ConvertAll(_levels, static level => (level.Endpoints.Count(static endpoint => endpoint.IsAvailable), level.Endpoints.Length));
        var shares = ComputeShares(
            Availability.InPanic ? Array.ConvertAll(_levels, static level => (0, level.Endpoints.Count(static endpoint => !endpoint.IsBarred))) : sizes);
        return [.. _levels.Select((level, index) => new ClusterLevel(
            level.Priority, level.IsLocal, level.Endpoints, sizes[index].Item1, (double)shares[index] / LevelShares.Whole))];
    }

    private LevelPicker CreateLevelPicker(ILoadBalancingStrategy strategy, ClusterEndpoint[] available, LevelPicker? previous)
    {
        var isAvailable = Set.With(available, previousPicker: null).GetAvailableMarks();
        var levels = _levels!;
        var pickers = new EndpointPicker[levels.Length];
        var sizes = new (int Available, int All)[levels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            var all = levels[i].Endpoints;
            var those = levels[i].FindAvailable(isAvailable);
            sizes[i] = (those.Length, all.Length);
            pickers[i] = those.Length == 0 ? NoEndpointPicker.Instance : CreatePicker(strategy, Set.Select(all, those, previous?.FindPicker(levels[i])));
        }

        // In panic, the picker chooses among all. The shares are those of the levels' sizes, as none has an available endpoint.
        var shares = ComputeShares(Availability.InPanic ? Array.ConvertAll(sizes, static size => (0, size.Available)) : sizes);
        var keys = strategy is IpHashStrategy ? KeyKind.ClientIp : strategy.IsKeyed ? KeyKind.HashKey : KeyKind.None;
        return new LevelPicker(levels, pickers, shares, keys, previous);
    }

    /// <summary>Finds an endpoint.</summary>
    /// <param name="context">The context of the pick.</param>
    /// <param name="search">Which endpoints are acceptable.</param>
    /// <param name="isPicked">Whether the picker chose the endpoint.</param>
    internal ClusterEndpoint? Find(in PickContext context, EndpointSearch search, out bool isPicked)
    {
        isPicked = false;
        return search switch
        {
            EndpointSearch.Available => Pick(in context, out isPicked),
            EndpointSearch.LastResort => FindNotBarred(in context, Set.AllArray.Length == 0 ? 0 : context.Next(Set.AllArray.Length)),
            _ => FindNotBarred(in context, start: 0),
        };
    }

    /// <summary>
    /// Tells whether an endpoint has room for a request that has failed at others. An endpoint that is out counts only if no available one is left untried.
    /// </summary>
    internal bool HasRoom(TriedEndpoints tried)
    {
        var (isAnyAvailable, isAnyOut) = (false, false);
        foreach (var endpoint in Set.AllArray)
        {
            if (endpoint.IsBarred || tried.Contains(endpoint))
            {
                continue;
            }

            if (!Availability.Permits(endpoint.State))
            {
                isAnyOut |= endpoint.HasRoom;
            }
            else if (endpoint.HasRoom)
            {
                return true;
            }
            else
            {
                isAnyAvailable = true;
            }
        }

        return isAnyOut && !isAnyAvailable;
    }

    /// <summary>Tells whether an endpoint that is ejected has room for a trial.</summary>
    internal bool HasEjectedWithRoom() => Array.Exists(Set.AllArray, static endpoint => endpoint is { Health: EndpointHealth.Ejected, HasRoom: true });

    private ClusterEndpoint? Pick(in PickContext context, out bool isPicked)
    {
        var endpoint = Picker.Pick(in context);
        isPicked = endpoint is not null && IsPermitted(endpoint, in context);
        if (isPicked || (endpoint is null && IsPickerCurrent))
        {
            return endpoint;
        }

        // A picker may ignore exclusions, and it does not know the changes since it was made. The view overrules it.
        if (_levels is null)
        {
            return FindPermitted(Set.AllArray, in context);
        }

        foreach (var level in _levels)
        {
            if (FindPermitted(level.Endpoints, in context) is { } other)
            {
                return other;
            }
        }

        return null;
    }

    private ClusterEndpoint? FindPermitted(ClusterEndpoint[] endpoints, in PickContext context)
    {
        foreach (var endpoint in endpoints)
        {
            if (IsPermitted(endpoint, in context))
            {
                return endpoint;
            }
        }

        return null;
    }

    private bool IsPermitted(ClusterEndpoint endpoint, in PickContext context) =>
        Availability.Permits(endpoint.State) && !context.IsExcluded(endpoint);

    private ClusterEndpoint? FindNotBarred(in PickContext context, int start)
    {
        var all = Set.AllArray;
        for (var i = 0; i < all.Length; i++)
        {
            var endpoint = all[(start + i) % all.Length];
            if (!endpoint.IsBarred && !context.IsExcluded(endpoint))
            {
                return endpoint;
            }
        }

        return null;
    }
}
