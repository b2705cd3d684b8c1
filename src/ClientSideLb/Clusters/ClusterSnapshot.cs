namespace ClientSideLb.Clusters;

/// <summary>The state of a cluster at one moment. It is immutable and replaced as a whole, and requests read it without a lock.</summary>
internal sealed class ClusterSnapshot
{
    /// <summary>The snapshot of a cluster that knows no endpoint.</summary>
    internal static readonly ClusterSnapshot Empty = new([], listed: [], settings: null, version: 0, pickersVersion: 0, ClusterView.Empty, ClusterView.Empty);

    private readonly ClusterView _anyScheme;
    private readonly ClusterView _https;

    private ClusterSnapshot(
        ClusterEndpoint[] endpoints, ClusterEndpoint[] listed, ClusterSettings? settings, long version, long pickersVersion, ClusterView anyScheme, ClusterView https)
    {
        Endpoints = endpoints;
        Listed = listed;
        Settings = settings;
        Version = version;
        PickersVersion = pickersVersion;
        _anyScheme = anyScheme;
        _https = https;
    }

    /// <summary>
    /// Gets the endpoints that the client uses, and those that are no longer listed and only finish their requests.
    /// </summary>
    internal ClusterEndpoint[] Endpoints { get; }

    /// <summary>Gets the listed endpoints, whether the client uses them or not.</summary>
    internal ClusterEndpoint[] Listed { get; }

    /// <summary>
    /// Gets the endpoints that the client uses: the listed ones, or its subset of them. The array is the same object until one of them or a description
    /// changes.
    /// </summary>
    internal ClusterEndpoint[] Members => _anyScheme.Set.AllArray;

    /// <summary>Gets the settings that the snapshot was made with, or <see langword="null"/> for <see cref="Empty"/>.</summary>
    internal ClusterSettings? Settings { get; }

    /// <summary>Gets a number that increases with each change of the cluster.</summary>
    internal long Version { get; }

    /// <summary>Gets the <see cref="Version"/> of the snapshot that the pickers were made for. It may be older than this one.</summary>
    internal long PickersVersion { get; }

    /// <summary>Gets a value indicating whether the pickers were made for this snapshot.</summary>
    internal bool ArePickersCurrent => PickersVersion == Version;

    /// <summary>Gets a value indicating whether too few endpoints are available, so that all but the drained ones are used.</summary>
    internal bool InPanic => _anyScheme.Availability.InPanic;

    /// <summary>Gets a value indicating whether the endpoints have different priorities.</summary>
    internal bool HasPriorities => _anyScheme.HasPriorities;

    /// <summary>Gets which of the members are available.</summary>
    internal Availability Availability => _anyScheme.Availability;

    /// <summary>
    /// Gets the view of the endpoints that a request may use. If all members are https, there is one view for all requests.
    /// </summary>
    internal ClusterView GetView(bool httpsOnly) => httpsOnly ? _https : _anyScheme;

    /// <summary>
    /// Makes the snapshot that follows this one after a change. It keeps the pickers of this one until the strategy has made new ones.
    /// Meanwhile, the views overrule these pickers. Only the cluster's writer may call this.
    /// </summary>
    internal ClusterSnapshot CreateNext(ClusterMembership membership, ClusterSettings settings, Random random)
    {
        var members = membership.Members;
        var anyScheme = CreateNextView(_anyScheme, members, settings, random);
        var https = anyScheme;
        if (!Array.TrueForAll(members, static endpoint => endpoint.Location.IsHttps))
        {
            // If the members have not changed, the array stays the same object, so that a strategy can keep what it computed from it.
            var httpsMembers = ReferenceEquals(members, Members) ? _https.Set.AllArray : Array.FindAll(members, static endpoint => endpoint.Location.IsHttps);
            https = CreateNextView(_https, httpsMembers, settings, random);
        }

        return new ClusterSnapshot(Join(members, membership.Leaving), membership.Listed, settings, Version + 1, PickersVersion, anyScheme, https);
    }

    /// <summary>
    /// Calls the strategy to make pickers for this snapshot. This runs code of the application, so the caller holds no lock.
    /// </summary>
    internal ClusterSnapshot MakePickers()
    {
        var strategy = Settings!.Strategy;
        var anyScheme = _anyScheme.MakePicker(strategy);
        return With(anyScheme, ReferenceEquals(_https, _anyScheme) ? anyScheme : _https.MakePicker(strategy), Version);
    }

    /// <summary>Tells whether the pickers of another snapshot are newer than those of this one, and of the same strategy.</summary>
    internal bool CanTakePickersOf(ClusterSnapshot other) => other.PickersVersion > PickersVersion && ReferenceEquals(other.Settings?.Strategy, Settings?.Strategy);

    /// <summary>
    /// Makes the same snapshot with the pickers of another one. If the other one is older than this one, its pickers are not current, but
    /// newer than those of this one.
    /// </summary>
    internal ClusterSnapshot WithPickersOf(ClusterSnapshot other)
    {
        if (other.Version == Version)
        {
            return With(other._anyScheme, other._https, Version);
        }

        var anyScheme = other._anyScheme.CreateNext(_anyScheme);
        return With(anyScheme, ReferenceEquals(_https, _anyScheme) ? anyScheme : other._https.CreateNext(_https), other.PickersVersion);
    }

    /// <summary>Tells whether another snapshot has a subset of the listed endpoints, and not the one that this one has.</summary>
    internal bool IsSubsetOtherThan(ClusterSnapshot other) =>
        (other.Settings?.Subset is not null || Settings?.Subset is not null) && !Members.AsSpan().SequenceEqual(other.Members);

    /// <summary>Makes the same snapshot with another list of endpoints that only finish their requests.</summary>
    internal ClusterSnapshot WithLeaving(IReadOnlyList<ClusterEndpoint> leaving) =>
        new(Join(Members, leaving), Listed, Settings, Version, PickersVersion, _anyScheme, _https);

    private static ClusterView CreateNextView(ClusterView before, ClusterEndpoint[] endpoints, ClusterSettings settings, Random random)
    {
        var levels = before.GetLevels(endpoints, settings.Levels);
        var availability = Availability.Of(endpoints, levels, settings.Probes.Enabled, settings.PanicThreshold);
        var set = new EndpointSet(endpoints, availability.Endpoints, random, settings.Strategies, previousPicker: null);
        return before.CreateNext(set, in availability, levels, settings.Levels);
    }

    // Arrays of endpoints are never changed, so the array of members need not be copied.
    private static ClusterEndpoint[] Join(ClusterEndpoint[] members, IReadOnlyList<ClusterEndpoint> leaving) =>
        leaving.Count == 0 ? members : [.. members, .. leaving];

    private ClusterSnapshot With(ClusterView anyScheme, ClusterView https, long pickersVersion) =>
        new(Endpoints, Listed, Settings, Version, pickersVersion, anyScheme, https);
}
