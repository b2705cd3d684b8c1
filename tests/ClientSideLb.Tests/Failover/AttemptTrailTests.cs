using System.Net;
using System.Net.Sockets;

namespace ClientSideLb.Tests;

public sealed class AttemptTrailTests
{
    private static readonly HttpRequestException Refused =
        new(HttpRequestError.ConnectionError, "Connection refused by secret", new SocketException((int)SocketError.ConnectionRefused));

    private readonly AttemptTrail _trail = new(TimeSpan.FromSeconds(2));
    private readonly ClusterEndpoint[] _endpoints = Backends.Equal(12);

    [Fact]
    public void The_exception_of_a_single_attempt_stays_as_it_is()
    {
        Add(0, Refused);

        Assert.Same(Refused, _trail.Explain(Refused));
    }

    [Fact]
    public void The_message_tells_what_each_endpoint_said_in_the_order_of_the_attempts()
    {
        Add(0, HttpStatusCode.ServiceUnavailable);
        Add(1, TimeLimitFailure.Create(new HttpRequestMessage(), TimeSpan.FromSeconds(2), cause: null));
        Add(2, Refused);

        Assert.Equal(
            "3 endpoints tried: http://10.1.0.1:8080: 503 (ServiceUnavailable); http://10.1.0.2:8080: no response headers within 2 s; http://10.1.0.3:8080: the connection was refused (ConnectionRefused).",
            _trail.Explain(Refused).Message);
    }

    [Fact]
    public void At_most_ten_endpoints_are_named_and_the_others_counted()
    {
        for (var i = 0; i < 12; i++)
        {
            Add(i, Refused);
        }

        var message = _trail.Explain(Refused).Message;

        Assert.StartsWith("12 endpoints tried: ", message, StringComparison.Ordinal);
        Assert.EndsWith("; and 2 more.", message, StringComparison.Ordinal);
        Assert.Contains("10.1.0.10:", message, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.0.11:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_of_the_caller_find_the_error_the_status_the_cause_and_the_stack_trace_of_the_last_attempt()
    {
        var last = Catch(new HttpRequestException(HttpRequestError.ProxyTunnelError, "http://user:secret@proxy/", new IOException("cause"), HttpStatusCode.ProxyAuthenticationRequired));
        Add(0, Refused);
        Add(1, last);

        var explained = Assert.IsType<HttpRequestException>(_trail.Explain(last));

        Assert.Equal(HttpRequestError.ProxyTunnelError, explained.HttpRequestError);
        Assert.Equal(HttpStatusCode.ProxyAuthenticationRequired, explained.StatusCode);
        Assert.Same(last.InnerException, explained.InnerException);
        Assert.Contains(nameof(Catch), explained.StackTrace, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", explained.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_without_a_cause_is_the_cause()
    {
        var last = new HttpRequestException(HttpRequestError.NameResolutionError);
        Add(0, Refused);
        Add(1, last);

        Assert.Same(last, _trail.Explain(last).InnerException);
    }

    [Fact]
    public void A_connection_that_was_not_made_in_time_stays_a_cancellation_with_an_inner_timeout()
    {
        var last = new TaskCanceledException("connect", new TimeoutException());
        Add(0, Refused);
        Add(1, last);

        var explained = Assert.IsType<TaskCanceledException>(_trail.Explain(last));

        Assert.Same(last.InnerException, explained.InnerException);
        Assert.Contains("10.1.0.2:8080: the connection timed out (timeout)", explained.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_of_a_type_that_the_caller_may_know_is_not_replaced()
    {
        var last = new NoEndpointAvailableException();
        Add(0, Refused);
        Add(1, Refused);

        Assert.Same(last, _trail.Explain(last));
    }

    private static HttpRequestException Catch(HttpRequestException failure)
    {
        try
        {
            throw failure;
        }
        catch (HttpRequestException caught)
        {
            return caught;
        }
    }

    private void Add(int endpoint, Exception failure)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/?key=secret");
        _trail.Add(new AttemptResult { Endpoint = _endpoints[endpoint], Request = request, Exception = failure });
    }

    private void Add(int endpoint, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/?key=secret");
        using var response = new HttpResponseMessage(status);
        _trail.Add(new AttemptResult { Endpoint = _endpoints[endpoint], Request = request, Response = response });
    }
}
