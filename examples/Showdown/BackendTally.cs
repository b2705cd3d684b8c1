using ClientSideLb;

namespace Showdown;

/// <summary>One backend in one run: its endpoint in the library, and the counts of this program.</summary>
internal sealed class BackendTally(Backend backend, ClusterEndpoint endpoint)
{
    private int _requests;

    internal Backend Backend { get; } = backend;

    internal ClusterEndpoint Endpoint { get; } = endpoint;

    /// <summary>Gets the state of the backend as the library sees it.</summary>
    internal string State => Endpoint.Health.ToString().ToLowerInvariant();

    internal int Requests => Volatile.Read(ref _requests);

    internal int PeakInFlight { get; private set; }

    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void SampleInFlight() => PeakInFlight = Math.Max(PeakInFlight, Endpoint.InFlight);
}
