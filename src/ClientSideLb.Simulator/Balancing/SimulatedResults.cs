using System.Net;
using System.Net.Sockets;
using ClientSideLb.Simulator.Backends;
using Polly.Timeout;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>
/// The results of simulated attempts. Each outcome stands for the response or the exception that <see cref="SocketsHttpHandler"/> gives in
/// that case, and the classifier of production judges it. The classifier is called only once for each outcome.
/// </summary>
internal sealed class SimulatedResults
{
    private readonly SimulatedResult[] _results = new SimulatedResult[Enum.GetValues<Outcome>().Length];

    internal SimulatedResults(FailureClassifier classifier)
    {
        // The cluster sees the request and the response of each attempt, so they are not disposed.
        var request = new HttpRequestMessage(HttpMethod.Get, "http://backend/");
        using var caller = new CancellationTokenSource();

        Add(Outcome.Answered, new HttpResponseMessage(HttpStatusCode.OK), failure: null);
        Add(Outcome.Unavailable, new HttpResponseMessage(HttpStatusCode.ServiceUnavailable), failure: null);
        Add(Outcome.Refused, response: null, CreateFailure(HttpRequestError.ConnectionError, new SocketException((int)SocketError.ConnectionRefused)));
        Add(Outcome.BrokenOff, response: null, CreateFailure(HttpRequestError.ResponseEnded, new IOException()));
        Add(Outcome.AttemptTimedOut, response: null, new TimeoutRejectedException());
        caller.Cancel();
        Add(Outcome.TimedOut, response: null, new OperationCanceledException(caller.Token));

        void Add(Outcome outcome, HttpResponseMessage? response, Exception? failure)
        {
            var result = new AttemptResult
            {
                Endpoint = null!,
                Request = request,
                Response = response,
                Exception = failure,
                IsFromPrimary = true,
                IsBrokenConnection = outcome == Outcome.BrokenOff,
            };
            _results[(int)outcome] = new SimulatedResult(
                result with { Verdict = classifier.Judge(in result, caller.Token) }, FailureClassifier.IsUnprocessed(in result, new KnownHosts()));
        }
    }

    internal SimulatedResult this[Outcome outcome] => _results[(int)outcome];

    private static HttpRequestException CreateFailure(HttpRequestError error, Exception cause) => new(error, message: null, cause);
}
