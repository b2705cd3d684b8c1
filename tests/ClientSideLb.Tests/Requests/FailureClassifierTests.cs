using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Polly.Timeout;

namespace ClientSideLb.Tests;

public sealed class FailureClassifierTests
{
    private static readonly CancellationToken Cancelled = new(canceled: true);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 17, 12, 0, 0, TimeSpan.Zero));

    public static TheoryData<string, Exception> TransportErrors => new()
    {
        { "connection", new HttpRequestException(HttpRequestError.ConnectionError) },
        { "name", new HttpRequestException(HttpRequestError.NameResolutionError) },
        { "response ended", new HttpRequestException(HttpRequestError.ResponseEnded) },
        { "reset", new IOException("reset", new SocketException((int)SocketError.ConnectionReset)) },
        { "socket", new SocketException((int)SocketError.NetworkUnreachable) },
        { "attempt timeout", TimeLimitFailure.Create(new HttpRequestMessage(), TimeSpan.FromSeconds(1), new TaskCanceledException()) },
        { "timeout of Polly", new TimeoutRejectedException() },
        { "connect timeout", new TaskCanceledException("connect", new TimeoutException()) },
    };

    [Theory]
    [MemberData(nameof(TransportErrors))]
    public void Transport_errors_are_failures(string what, Exception exception)
    {
        Assert.NotEmpty(what);
        Assert.Equal(AttemptVerdict.Failure, Judge(exception));
    }

    [Theory]
    [MemberData(nameof(TransportErrors))]
    public void A_caller_who_has_cancelled_accounts_for_cancellations_and_for_no_other_transport_error(string what, Exception exception) =>
        Assert.Equal(what == "connect timeout" ? AttemptVerdict.Abandoned : AttemptVerdict.Failure, Judge(exception, caller: Cancelled));

    [Fact]
    public void A_refused_connection_is_recognised_however_deep_it_is_wrapped()
    {
        var refused = new SocketException((int)SocketError.ConnectionRefused);

        Assert.Equal(AttemptVerdict.Refused, Judge(refused));
        Assert.Equal(AttemptVerdict.Refused, Judge(new HttpRequestException(HttpRequestError.ConnectionError, inner: refused)));
        Assert.Equal(AttemptVerdict.Refused, Judge(new HttpRequestException("outer", new IOException("inner", refused))));
    }

    [Theory]
    [InlineData(SocketError.ConnectionReset)]
    [InlineData(SocketError.TimedOut)]
    [InlineData(SocketError.HostUnreachable)]
    public void Other_socket_errors_are_plain_failures(SocketError error) =>
        Assert.Equal(AttemptVerdict.Failure, Judge(new HttpRequestException(HttpRequestError.ConnectionError, inner: new SocketException((int)error))));

    [Fact]
    public void A_cancellation_by_the_caller_abandons_the_attempt()
    {
        Assert.Equal(AttemptVerdict.Abandoned, Judge(new OperationCanceledException(Cancelled), caller: Cancelled));
        Assert.Equal(AttemptVerdict.Abandoned, Judge(new TaskCanceledException("A task was canceled."), caller: Cancelled));
    }

    [Fact]
    public void A_cancellation_that_the_caller_did_not_ask_for_is_neutral() =>
        Assert.Equal(AttemptVerdict.Neutral, Judge(new TaskCanceledException()));

    [Fact]
    public void An_exception_of_a_custom_handler_is_neutral()
    {
        Assert.Equal(AttemptVerdict.Neutral, Judge(new InvalidOperationException()));
        Assert.Equal(AttemptVerdict.Neutral, Judge(new UnauthorizedAccessException(), caller: Cancelled));
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, false)]
    [InlineData(HttpStatusCode.MovedPermanently, false)]
    [InlineData(HttpStatusCode.NotFound, false)]
    [InlineData(HttpStatusCode.TooManyRequests, false)]
    [InlineData(HttpStatusCode.InternalServerError, false)]
    [InlineData(HttpStatusCode.NotImplemented, false)]
    [InlineData(HttpStatusCode.BadGateway, true)]
    [InlineData(HttpStatusCode.ServiceUnavailable, true)]
    [InlineData(HttpStatusCode.GatewayTimeout, true)]
    [InlineData(HttpStatusCode.HttpVersionNotSupported, false)]
    public void Only_the_statuses_502_503_and_504_are_failures(HttpStatusCode status, bool failure) =>
        Assert.Equal(failure ? AttemptVerdict.Failure : AttemptVerdict.Success, Judge(status));

    [Fact]
    public void An_answer_counts_even_if_the_caller_has_cancelled() =>
        Assert.Equal(AttemptVerdict.Failure, Judge(HttpStatusCode.BadGateway, caller: Cancelled));

    [Fact]
    public void A_custom_rule_replaces_the_default()
    {
        Func<AttemptResult, bool> only500 = static outcome => outcome.Response is { StatusCode: HttpStatusCode.InternalServerError };

        Assert.Equal(AttemptVerdict.Failure, Judge(HttpStatusCode.InternalServerError, only500));
        Assert.Equal(AttemptVerdict.Success, Judge(HttpStatusCode.BadGateway, only500));
        Assert.Equal(AttemptVerdict.Neutral, Judge(new HttpRequestException("gone"), isFailure: only500));
    }

    [Fact]
    public void A_custom_rule_may_make_any_exception_a_failure_and_a_refused_connection_stays_refused()
    {
        Assert.Equal(AttemptVerdict.Failure, Judge(new InvalidOperationException(), isFailure: static _ => true));
        Assert.Equal(AttemptVerdict.Failure, Judge(new TaskCanceledException(), isFailure: static _ => true));
        Assert.Equal(AttemptVerdict.Refused, Judge(new SocketException((int)SocketError.ConnectionRefused), isFailure: static _ => true));
    }

    [Fact]
    public void A_custom_rule_is_not_called_for_a_cancellation_by_the_caller() =>
        Assert.Equal(
            AttemptVerdict.Abandoned,
            Judge(new TaskCanceledException(), static _ => throw new InvalidOperationException("asked"), Cancelled));

    [Fact]
    public void A_custom_rule_sees_the_endpoint_the_request_and_the_result()
    {
        var endpoint = Backends.At("http://10.0.0.1/");
        using var request = new HttpRequestMessage();
        using var response = new HttpResponseMessage();
        AttemptResult? seen = null;
        var classifier = new FailureClassifier(
            outcome =>
            {
                seen = outcome;
                return false;
            },
            _time);

        classifier.Judge(new AttemptResult { Endpoint = endpoint, Request = request, Response = response }, default);

        Assert.Equal((endpoint, request, response, AttemptVerdict.Success), (seen?.Endpoint, seen?.Request, seen?.Response, seen?.Verdict));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, 7.0)]
    [InlineData(HttpStatusCode.TooManyRequests, null)]
    [InlineData(HttpStatusCode.OK, null)]
    [InlineData(HttpStatusCode.MovedPermanently, null)]
    [InlineData(HttpStatusCode.BadGateway, null)]
    public void Retry_After_speaks_of_the_endpoint_on_503_and_of_the_user_on_429(HttpStatusCode status, double? seconds)
    {
        using var response = new HttpResponseMessage(status);
        response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7));

        Assert.Equal(seconds, SetAside(response)?.TotalSeconds);
    }

    [Theory]
    [InlineData("Sun, 17 May 2026 12:00:30 GMT", 30.0)]
    [InlineData("Sun, 17 May 2026 12:00:00 GMT", null)]
    [InlineData("Sun, 17 May 2026 11:59:00 GMT", null)]
    [InlineData("0", null)]
    [InlineData("120", 120.0)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    public void Retry_After_is_a_number_of_seconds_or_a_date(string value, double? seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.TryAddWithoutValidation("Retry-After", value);

        Assert.Equal(seconds, SetAside(response)?.TotalSeconds);
    }

    [Fact]
    public void An_answer_without_Retry_After_asks_for_no_pause()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);

        Assert.Null(SetAside(response));
        Assert.Null(SetAside(null));
    }

    private TimeSpan? SetAside(HttpResponseMessage? response)
    {
        using var request = new HttpRequestMessage();
        return new FailureClassifier(null, _time).GetRetryAfter(new AttemptResult { Endpoint = Backends.At("http://10.0.0.1/"), Request = request, Response = response });
    }

    private AttemptVerdict Judge(Exception exception, Func<AttemptResult, bool>? isFailure = null, CancellationToken caller = default)
    {
        using var request = new HttpRequestMessage();
        return new FailureClassifier(isFailure, _time).Judge(new AttemptResult { Endpoint = Backends.At("http://10.0.0.1/"), Request = request, Exception = exception, IsFromPrimary = true }, caller);
    }

    private AttemptVerdict Judge(HttpStatusCode status, Func<AttemptResult, bool>? isFailure = null, CancellationToken caller = default)
    {
        using var request = new HttpRequestMessage();
        using var response = new HttpResponseMessage(status);
        return new FailureClassifier(isFailure, _time).Judge(new AttemptResult { Endpoint = Backends.At("http://10.0.0.1/"), Request = request, Response = response }, caller);
    }
}
