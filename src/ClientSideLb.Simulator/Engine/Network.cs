using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Engine;

/// <summary>The ways between the groups of clients and the backends: short within a zone, and longer between zones.</summary>
internal sealed class Network
{
    private readonly AnswerLine _near;
    private readonly AnswerLine _far;
    private readonly string?[] _zoneOfBackend;

    internal Network(Scenario scenario)
    {
        var (roundTrip, crossZone) = (scenario.RoundTrip, scenario.CrossZoneRoundTrip ?? scenario.RoundTrip);
        _near = new AnswerLine(Nanoseconds.Of(roundTrip));
        _far = crossZone == roundTrip ? _near : new AnswerLine(Nanoseconds.Of(crossZone));
        _zoneOfBackend = [.. scenario.GroupOfEachBackend.Select(static backend => backend.Zone)];
    }

    /// <summary>Gets all lines.</summary>
    internal AnswerLine[] Lines => ReferenceEquals(_near, _far) ? [_near] : [_near, _far];

    /// <summary>Gets the line between a group of clients and each backend.</summary>
    internal AnswerLine[] GetLines(ClientGroup group) =>
        Array.ConvertAll(_zoneOfBackend, zone => group.Zone is null || zone is null || zone == group.Zone ? _near : _far);
}
