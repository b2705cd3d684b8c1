namespace ClientSideLb.Failover;

/// <summary>
/// The result of one attempt of a hedged request. Polly disposes the losing results, which disposes their responses and releases their
/// leases.
/// </summary>
internal sealed class HedgedResult(AttemptResult attempt) : IDisposable
{
    internal AttemptResult Attempt => attempt;

    public void Dispose() => attempt.Response?.Dispose();
}
