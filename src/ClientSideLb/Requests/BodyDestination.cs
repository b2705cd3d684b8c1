namespace ClientSideLb.Requests;

/// <summary>The stream that a response's body is copied to. The bytes that arrive are signs of life of the endpoint.</summary>
/// <param name="inner">The caller's stream.</param>
/// <param name="endpoint">The endpoint that sends the body.</param>
internal sealed class BodyDestination(Stream inner, ClusterEndpoint endpoint) : CopyDestination(inner)
{
    private const long NotMeasured = long.MinValue;

    private long _latest = NotMeasured;

    /// <summary>Begins to measure how long the copy waits for bytes. A copy that ends at once is not measured.</summary>
    internal void BeginMeasurement() => _latest = endpoint.Waits.Time.GetTimestamp();

    /// <summary>Gets how long the copy has waited since the latest bytes, in timestamp units, or 0 if that is not measured.</summary>
    internal long GetWait() => _latest == NotMeasured ? 0 : endpoint.Waits.Time.GetTimestamp() - _latest;

    protected override void OnWritten()
    {
        if (_latest == NotMeasured)
        {
            endpoint.Failures.ObserveSignOfLife();
            return;
        }

        BeginMeasurement();
        endpoint.Failures.ObserveSignOfLife(_latest);
    }
}
