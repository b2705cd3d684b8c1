using System.Net;
using System.Net.Sockets;
using Polly.Timeout;

namespace ClientSideLb.Simulator;

/// <summary>
/// Says what an outcome means for its endpoint: what the production classifier says of the response or the exception that
/// <see cref="SocketsHttpHandler"/> gives in that case. It is asked once for each outcome.
/// </summary>
internal sealed class OutcomeJudge
{
    private readonly Judgement[] _judgements = new Judgement[Enum.GetValues<Outcome>().Length];

    internal OutcomeJudge(FailureClassifier classifier)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://backend/");
        using var ok = new HttpResponseMessage(HttpStatusCode.OK);
        using var unavailable = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        using var caller = new CancellationTokenSource();

        Judge(Outcome.Answered, ok, null, Answer.Other);
        Judge(Outcome.Unavailable, unavailable, null, Answer.ServerError);
        Judge(Outcome.Refused, null, Failure(HttpRequestError.ConnectionError, new SocketException((int)SocketError.ConnectionRefused)), Answer.None);
        Judge(Outcome.BrokenOff, null, Failure(HttpRequestError.ResponseEnded, new IOException()), Answer.None);
        Judge(Outcome.AttemptTimedOut, null, new TimeoutRejectedException(), Answer.None);
        caller.Cancel();
        Judge(Outcome.TimedOut, null, new OperationCanceledException(caller.Token), Answer.None);

        void Judge(Outcome outcome, HttpResponseMessage? response, Exception? failure, Answer answer) =>
            _judgements[(int)outcome] = new Judgement(
                classifier.Judge(new AttemptOutcome(null!, request, response, failure), caller.Token), answer, FailureClassifier.IsNothingSent(failure));
    }

    internal Judgement this[Outcome outcome] => _judgements[(int)outcome];

    private static HttpRequestException Failure(HttpRequestError error, Exception cause) => new(error, message: null, cause);
}
