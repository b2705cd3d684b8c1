namespace ClientSideLb;

/// <summary>How one attempt of a hedged request ended. The one that loses is disposed of, and with it its response and its lease.</summary>
internal sealed class HedgedAnswer(AttemptEnd end, ClusterEndpoint? endpoint) : IDisposable
{
    internal AttemptEnd End => end;

    internal ClusterEndpoint? Endpoint => endpoint;

    public void Dispose() => end.Response?.Dispose();
}
