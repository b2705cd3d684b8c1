using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>
/// The endpoints that one kind of request may use: those with the right scheme, with their availability and the picker that chooses among
/// them. Immutable.
/// </summary>
/// <remarks>Priorities, zones and subsets would be further views of the same cluster.</remarks>
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
    private EndpointPicker? _trialPicker;

    private ClusterView(EndpointSet set, Availability availability, EndpointPicker picker, ILoadBalancingStrategy? pickerStrategy)
    {
        Set = set;
        Availability = availability;
        Picker = picker;
        _pickerStrategy = pickerStrategy;
    }

    internal EndpointSet Set { get; }

    internal Availability Availability { get; }

    /// <summary>Gets the picker. Until the strategy has made one for <see cref="Set"/>, it is the picker of the previous view.</summary>
    internal EndpointPicker Picker { get; }

    /// <summary>Gets a value indicating whether <see cref="Picker"/> was made for <see cref="Set"/>.</summary>
    internal bool IsPickerCurrent { get; private init; }

    /// <summary>Gets a value indicating whether the strategy sends equal keys to the same endpoint.</summary>
    internal bool IsKeyed { get; private init; }

    /// <summary>Gets a value indicating whether the picker learns from attempts.</summary>
    internal bool ObservesResults { get; private init; }

    /// <summary>
    /// Makes the view that follows this one after a change. It keeps this view's picker until the strategy has made a new one.
    /// </summary>
    internal ClusterView CreateNext(EndpointSet set, in Availability availability) =>
        new(set, availability, Picker, _pickerStrategy) { ObservesResults = ObservesResults, IsKeyed = IsKeyed, _trialPicker = _trialPicker };

    /// <summary>Makes the same view with a picker for its set. This runs code of the application, so the caller holds no lock.</summary>
    internal ClusterView MakePicker(ILoadBalancingStrategy strategy)
    {
        if (Set.AvailableArray.Length == 0)
        {
            return new ClusterView(Set, Availability, NoEndpointPicker.Instance, pickerStrategy: null) { IsPickerCurrent = true };
        }

        var set = Set.WithPreviousPicker(ReferenceEquals(strategy, _pickerStrategy) ? Picker : null);
        var picker = strategy.CreatePicker(set);
        set.ForgetPreviousPicker();
        return new ClusterView(set, Availability, picker, strategy)
        {
            IsPickerCurrent = true,
            ObservesResults = picker.ObservesResults(),
            IsKeyed = strategy.IsKeyed,
            _trialPicker = strategy.IsKeyed ? MakeTrialPicker(strategy, picker) : null,
        };
    }

    /// <summary>Finds the ejected endpoint that would get the request if it were available, with a keyed strategy.</summary>
    internal ClusterEndpoint? FindTrial(in PickContext context) =>
        _trialPicker?.Pick(in context) is { Health: EndpointHealth.Ejected } endpoint ? endpoint : null;

    // The picker of the set in which the ejected endpoints are available.
    private EndpointPicker? MakeTrialPicker(ILoadBalancingStrategy strategy, EndpointPicker picker)
    {
        if (!Array.Exists(Set.AllArray, static endpoint => endpoint.Health == EndpointHealth.Ejected))
        {
            return null;
        }

        var available = Set.AllArray.Where((endpoint, index) => endpoint.Health == EndpointHealth.Ejected || Set.IsAvailable(index));
        var set = Set.With([.. available], picker);
        var trialPicker = strategy.CreatePicker(set);
        set.ForgetPreviousPicker();
        return trialPicker;
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

    private ClusterEndpoint? Pick(in PickContext context, out bool isPicked)
    {
        var endpoint = Picker.Pick(in context);
        isPicked = endpoint is not null && IsPermitted(endpoint, in context);
        if (isPicked || (endpoint is null && IsPickerCurrent))
        {
            return endpoint;
        }

        // A picker may ignore exclusions, and it does not know the changes since it was made. The view overrules it.
        foreach (var other in Set.AllArray)
        {
            if (IsPermitted(other, in context))
            {
                return other;
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
