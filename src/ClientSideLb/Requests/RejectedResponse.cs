using System.Globalization;
using System.Net;
using ClientSideLb.Clusters;
using ClientSideLb.Shared;
using ClientSideLb.Strategies;

namespace ClientSideLb.Requests;

/// <summary>The status 429 that a caller gets if the endpoints have no room and <see cref="FailoverOptions.MoveRejected"/> is on.</summary>
internal static class RejectedResponse
{
    /// <summary>Creates the response to a request that is not sent, because every endpoint has said that it has no room yet.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cluster">The cluster.</param>
    internal static HttpResponseMessage Create(HttpRequestMessage request, Cluster cluster)
    {
        var time = cluster.FindShortestRejection(LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme)) ?? TimeSpan.Zero;
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { RequestMessage = request, Version = request.Version };
        RetryAfterHeader.WriteExactly(response, time);
        response.Content = new StringContent(string.Create(
            CultureInfo.InvariantCulture,
            $"Client '{cluster.ShortClientName}' did not send this request: all endpoints of service '{cluster.ServiceName}' have answered 429 (Too Many Requests). The first of them has room again in {DurationText.Of(TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)))}."));
        return response;
    }

    /// <summary>
    /// Shortens the time that a rejection gives to that of the endpoint that has room first. The caller need not wait longer.
    /// </summary>
    internal static void ShortenRetryAfter(in AttemptResult result, Route route)
    {
        if (result is { IsRejected: true, Endpoint: not null, Response: { } response }
            && route.Cluster!.FindShortestRejection(LogicalAddress.IsHttpsOnly(result.Request.RequestUri!.Scheme)) is { } shortest
            && RetryAfterHeader.Read(response, route.Time.GetUtcNow()) is { } asked
            && shortest < asked)
        {
            RetryAfterHeader.Write(response, shortest);
        }
    }
}
