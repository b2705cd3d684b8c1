using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>The stream of the primary handler that a request's content is sent to. The bytes that the endpoint accepts are signs of its life.</summary>
/// <remarks>
/// The operating systems of both sides accept the first bytes even if the endpoint hangs. So bytes count only if they are accepted some time
/// after the beginning.
/// </remarks>
internal sealed class UploadDestination(Stream inner, EndpointLease lease) : CopyDestination(inner)
{
    private static readonly TimeSpan Buffered = TimeSpan.FromMilliseconds(100);

    private readonly long _began = lease.Endpoint.Waits.Time.GetTimestamp();

    protected override void OnWritten()
    {
        var time = lease.Endpoint.Waits.Time;
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_began, now) >= Buffered)
        {
            lease.Endpoint.Failures.ObserveSignOfLife(now);
        }
    }
}
