using System.Net;
using System.Net.Sockets;

namespace ClientSideLb.PublicApi.Tests.Results;

/// <summary>A picker gets one result for each attempt, whatever its end.</summary>
public sealed class AttemptResultTests
{
    private static readonly string[] TwoEndpoints = ["http://a", "http://b"];

    private readonly RecordingStrategy _strategy = new();

    [Fact]
    public async Task A_response_is_one_result_with_endpoint_request_response_and_duration()
    {
        BalancedClient? created = null;
        using var client = created = new BalancedClient(_strategy, TwoEndpoints, async (_, _) =>
        {
            created!.Time.Advance(TimeSpan.FromMilliseconds(25));
            return await StubHandler.Answer();
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");

        using var response = await client.Http.SendAsync(request);

        var result = Assert.Single(_strategy.Results);
        Assert.Same(client["http://a"], result.Endpoint);
        Assert.Same(request, result.Request);
        Assert.Same(response, result.Response);
        Assert.Null(result.Exception);
        Assert.False(result.IsRedirected);
        Assert.Equal(AttemptVerdict.Success, result.Verdict);
        Assert.Equal(TimeSpan.FromMilliseconds(25), result.Duration);
        Assert.Equal(25, (result.EndedAt - Assert.Single(_strategy.Picks)).TotalMilliseconds, tolerance: 0.1);
    }

    [Fact]
    public async Task A_500_is_one_result_which_the_picker_judges_by_its_status()
    {
        using var client = new BalancedClient(_strategy, TwoEndpoints, static (_, _) => StubHandler.Answer(HttpStatusCode.InternalServerError));

        using var response = await client.Http.GetAsync("/");

        var result = Assert.Single(_strategy.Results);
        Assert.Equal(HttpStatusCode.InternalServerError, result.Response!.StatusCode);
        Assert.Equal(AttemptVerdict.Success, result.Verdict);
    }

    [Theory]
    [InlineData("http://a/other", "http://api/other")]
    [InlineData("http://elsewhere/other", "http://elsewhere/other")]
    public async Task A_result_after_a_redirect_says_so_and_where_it_comes_from(string location, string final)
    {
        // A primary handler that follows redirects by itself changes the request's address.
        using var client = new BalancedClient(_strategy, TwoEndpoints, (request, _) =>
        {
            request.RequestUri = new Uri(location);
            return StubHandler.Answer();
        });

        using var response = await client.Http.GetAsync("/");

        var result = Assert.Single(_strategy.Results);
        Assert.True(result.IsRedirected);
        Assert.Equal(new Uri(final), result.Response!.RequestMessage!.RequestUri);
        Assert.Equal(new Uri("http://api/"), result.Request.RequestUri);
    }

    [Fact]
    public async Task The_application_s_own_rule_decides_the_verdict()
    {
        using var client = new BalancedClient(
            _strategy,
            TwoEndpoints,
            static (_, _) => StubHandler.Answer(HttpStatusCode.InternalServerError),
            static options =>
            {
                options.IsFailure = static result => result.Response is { StatusCode: HttpStatusCode.InternalServerError };
                options.Failover.Enabled = false;
            });

        using var response = await client.Http.GetAsync("/");

        Assert.Equal(AttemptVerdict.Failure, Assert.Single(_strategy.Results).Verdict);
    }

    [Fact]
    public async Task A_request_that_moves_is_one_result_for_each_attempt()
    {
        using var client = new BalancedClient(
            _strategy,
            ["http://a", "http://b", "http://c"],
            static (request, _) => StubHandler.Answer(request.RequestUri!.Host == "c" ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable));

        using var response = await client.Http.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([("a", AttemptVerdict.Failure), ("b", AttemptVerdict.Failure), ("c", AttemptVerdict.Success)], _strategy.Verdicts);
    }

    [Fact]
    public async Task A_request_that_fails_everywhere_is_one_result_for_each_attempt()
    {
        using var client = new BalancedClient(_strategy, TwoEndpoints, static (_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("/"));

        Assert.Equal([("a", AttemptVerdict.Failure), ("b", AttemptVerdict.Failure)], _strategy.Verdicts);
        Assert.All(_strategy.Results, static result => Assert.True(result.Response is null && result.Exception is HttpRequestException));
    }

    [Fact]
    public async Task A_refused_connection_is_a_result_of_its_own()
    {
        // A port that is bound, and at which nothing listens.
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)closed.LocalEndPoint!).Port;
        using var sockets = new HttpMessageInvoker(new SocketsHttpHandler());
        using var client = new BalancedClient(
            _strategy,
            [$"http://127.0.0.1:{port}", "http://b"],
            (request, cancellationToken) => request.RequestUri!.Port == port ? sockets.SendAsync(request, cancellationToken) : StubHandler.Answer());

        using var response = await client.Http.GetAsync("/");

        Assert.Equal([("127.0.0.1", AttemptVerdict.Refused), ("b", AttemptVerdict.Success)], _strategy.Verdicts);
        Assert.IsType<HttpRequestException>(_strategy.Results.First().Exception);
    }

    [Fact]
    public async Task An_attempt_that_times_out_is_a_failure_that_lasted_as_long_as_the_limit()
    {
        using var client = new BalancedClient(
            _strategy,
            TwoEndpoints,
            static (request, cancellationToken) => request.RequestUri!.Host == "a" ? NeverAnswer(cancellationToken) : StubHandler.Answer(),
            static options => options.Failover.AttemptTimeout = TimeSpan.FromSeconds(2));

        var sending = client.Http.GetAsync("/");
        client.Time.Advance(TimeSpan.FromSeconds(2));
        using var response = await sending;

        Assert.Equal([("a", AttemptVerdict.Failure), ("b", AttemptVerdict.Success)], _strategy.Verdicts);
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.Zero], _strategy.Results.Select(static result => result.Duration));
    }

    [Fact]
    public async Task A_request_that_its_caller_cancels_is_abandoned_and_not_a_failure()
    {
        using var client = new BalancedClient(_strategy, TwoEndpoints, static (_, cancellationToken) => NeverAnswer(cancellationToken));
        using var caller = new CancellationTokenSource();

        var sending = client.Http.GetAsync("/", caller.Token);
        client.Time.Advance(TimeSpan.FromMilliseconds(300));
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);

        var result = Assert.Single(_strategy.Results);
        Assert.Equal(AttemptVerdict.Abandoned, result.Verdict);
        Assert.Equal(TimeSpan.FromMilliseconds(300), result.Duration);
        Assert.IsAssignableFrom<OperationCanceledException>(result.Exception);
    }

    [Fact]
    public async Task A_hedged_request_is_one_result_for_each_of_its_attempts()
    {
        using var client = new BalancedClient(
            _strategy,
            TwoEndpoints,
            static (request, cancellationToken) => request.RequestUri!.Host == "a" ? NeverAnswer(cancellationToken) : StubHandler.Answer(),
            static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(1));

        var sending = client.Http.GetAsync("/");
        while (!sending.IsCompleted)
        {
            client.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        using var response = await sending;
        await Eventually.True(() => _strategy.Results.Count >= 2, "the attempt that lost has ended");

        Assert.Equal(
            [("a", AttemptVerdict.Abandoned), ("b", AttemptVerdict.Success)],
            _strategy.Verdicts.OrderBy(static verdict => verdict.Host, StringComparer.Ordinal));
    }

    [Fact]
    public void A_synchronous_request_is_one_result()
    {
        using var client = new BalancedClient(_strategy, TwoEndpoints);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");

        using var response = client.Http.Send(request);

        Assert.Equal([("a", AttemptVerdict.Success)], _strategy.Verdicts);
    }

    [Fact]
    public async Task A_body_that_breaks_off_after_good_headers_is_no_second_result()
    {
        using var client = new BalancedClient(
            _strategy, TwoEndpoints, static (_, _) => Task.FromResult(new HttpResponseMessage { Content = new BrokenContent() }));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("/"));

        Assert.Equal([("a", AttemptVerdict.Success)], _strategy.Verdicts);
    }

    [Fact]
    public async Task Each_of_many_requests_at_the_same_time_is_one_result()
    {
        const int Requests = 200;
        using var client = new BalancedClient(_strategy, TwoEndpoints, static async (_, _) =>
        {
            await Task.Yield();
            return await StubHandler.Answer();
        });

        await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => client.SendAsync(1)));

        Assert.Equal(Requests, _strategy.Results.Select(static result => result.Request).Distinct().Count());
        Assert.Equal(Requests, _strategy.Results.Count);
    }

    private static async Task<HttpResponseMessage> NeverAnswer(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException();
    }

    private sealed class BrokenContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new IOException("The body broke off.");

        protected override Task<Stream> CreateContentReadStreamAsync() => throw new IOException("The body broke off.");

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
