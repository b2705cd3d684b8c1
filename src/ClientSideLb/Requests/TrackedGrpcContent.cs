using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>The content of a gRPC response. Its trailers, which arrive after the body, tell whether the call succeeded.</summary>
internal sealed class TrackedGrpcContent(HttpResponseMessage response, long? length, HttpRequestMessage request, EndpointLease lease, Route route)
    : TrackedContent(response.Content, length, request, lease, route)
{
    private protected override AttemptVerdict JudgeEnd() => FailureClassifier.JudgeTrailers(response);
}
