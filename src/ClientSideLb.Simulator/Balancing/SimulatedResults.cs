using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using ClientSideLb.Simulator.Backends;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>
/// The results of simulated attempts. Each outcome stands for the response or the exception that <see cref="SocketsHttpHandler"/> gives in
/// that case, and the classifier of production judges it. The classifier is called only once for each outcome.
/// </summary>
internal sealed class SimulatedResults
{
    private readonly FailureClassifier _classifier;
    private readonly bool _movesRejected;
    private readonly CancellationToken _caller = new(canceled: true);
    private readonly SimulatedResult _answered;
    private readonly Dictionary<Outcome, SimulatedResult> _others = [];

    /// <param name="classifier">The classifier of production.</param>
    /// <param name="movesRejected">Whether a 429 is about the endpoint.</param>
    internal SimulatedResults(FailureClassifier classifier, bool movesRejected)
    {
        _classifier = classifier;
        _movesRejected = movesRejected;
        _answered = Create(Outcome.Answered);
    }

    internal SimulatedResult this[Outcome outcome]
    {
        get
        {
            if (outcome.IsAnswered)
            {
                return _answered;
            }

            if (!_others.TryGetValue(outcome, out var result))
            {
                _others[outcome] = result = Create(outcome);
            }

            return result;
        }
    }

    private static HttpResponseMessage? CreateResponse(Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Answered:
                return new HttpResponseMessage(HttpStatusCode.OK);
            case OutcomeKind.FailureStatus:
                var response = new HttpResponseMessage(outcome.Status);
                SetRetryAfter(response.Headers, outcome.RetryAfter);
                return response;
            default:
                return null;
        }
    }

    private static void SetRetryAfter(HttpResponseHeaders headers, TimeSpan time)
    {
        if (time == TimeSpan.Zero)
        {
            return;
        }

        headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)));
        if (time.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            headers.Add("retry-after-ms", time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
        }
    }

    private static HttpRequestException CreateFailure(HttpRequestError error, Exception cause) => new(error, message: null, cause);

    private Exception? CreateException(HttpRequestMessage request, Outcome outcome) => outcome.Kind switch
    {
        OutcomeKind.Refused => CreateFailure(HttpRequestError.ConnectionError, new SocketException((int)SocketError.ConnectionRefused)),
        OutcomeKind.BrokenOff => CreateFailure(HttpRequestError.ResponseEnded, new IOException()),
        OutcomeKind.AttemptTimedOut => TimeLimitFailure.Create(request, TimeSpan.Zero, cause: null),
        OutcomeKind.TimedOut => new OperationCanceledException(_caller),
        _ => null,
    };

    private SimulatedResult Create(Outcome outcome)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://backend/");
        var response = CreateResponse(outcome);

        // The cluster sees the request and the response of each attempt, so they are not disposed.
        var result = new AttemptResult
        {
            Endpoint = null!,
            Request = request,
            Response = response,
            Exception = CreateException(request, outcome),
            IsRejected = _movesRejected && response is not null && FailureClassifier.IsRejection(request, response),
            IsFromPrimary = true,
            IsBrokenConnection = outcome.Kind == OutcomeKind.BrokenOff,
        };

        // Only the caller's own timeout cancels the caller's token.
        return new SimulatedResult(
            result with { Verdict = _classifier.Judge(in result, outcome.Kind == OutcomeKind.TimedOut ? _caller : CancellationToken.None) },
            FailureClassifier.IsUnprocessed(in result, new KnownHosts()),
            _classifier.GetRetryAfter(in result));
    }
}
