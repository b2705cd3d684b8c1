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
        var request = new HttpRequestMessage(HttpMethod.Get, "http://backend/");
        var ok = new HttpResponseMessage(HttpStatusCode.OK);
        var unavailable = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        using var caller = new CancellationTokenSource();

        Judge(Outcome.Answered, ok, null);
        Judge(Outcome.Unavailable, unavailable, null);
        Judge(Outcome.Refused, null, Failure(HttpRequestError.ConnectionError, new SocketException((int)SocketError.ConnectionRefused)));
        Judge(Outcome.BrokenOff, null, Failure(HttpRequestError.ResponseEnded, new IOException()));
        Judge(Outcome.AttemptTimedOut, null, new TimeoutRejectedException());
        caller.Cancel();
        Judge(Outcome.TimedOut, null, new OperationCanceledException(caller.Token));

        void Judge(Outcome outcome, HttpResponseMessage? response, Exception? failure)
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
            _judgements[(int)outcome] = new Judgement(
                result with { Verdict = classifier.Judge(in result, caller.Token) }, FailureClassifier.IsUnprocessed(in result, new KnownHosts()));
        }
    }

    internal Judgement this[Outcome outcome] => _judgements[(int)outcome];

    private static HttpRequestException Failure(HttpRequestError error, Exception cause) => new(error, message: null, cause);
}
