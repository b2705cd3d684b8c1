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
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://backend/");
        using var ok = new HttpResponseMessage(HttpStatusCode.OK);
        using var unavailable = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        using var caller = new CancellationTokenSource();

        Add(Outcome.Answered, ok, null, Answer.Other);
        Add(Outcome.Unavailable, unavailable, null, Answer.ServerError);
        Add(Outcome.Refused, null, CreateFailure(HttpRequestError.ConnectionError, new SocketException((int)SocketError.ConnectionRefused)), Answer.None);
        Add(Outcome.BrokenOff, null, CreateFailure(HttpRequestError.ResponseEnded, new IOException()), Answer.None);
        Add(Outcome.AttemptTimedOut, null, new TimeoutRejectedException(), Answer.None);
        caller.Cancel();
        Add(Outcome.TimedOut, null, new OperationCanceledException(caller.Token), Answer.None);

        void Add(Outcome outcome, HttpResponseMessage? response, Exception? failure, Answer answer) =>
            _results[(int)outcome] = new SimulatedResult(
                classifier.Judge(new AttemptOutcome(null!, request, response, failure), caller.Token), answer, FailureClassifier.IsNothingSent(failure));
    }

    internal SimulatedResult this[Outcome outcome] => _results[(int)outcome];

    private static HttpRequestException CreateFailure(HttpRequestError error, Exception cause) => new(error, message: null, cause);
}
