using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>Redirects are followed below the balancer: a redirect to the endpoint stays there, and any other goes directly to its target.</summary>
/// <param name="logs">Whether handlers that log are between the balancer and the primary handler, as they are by default.</param>
public abstract class RedirectTests(bool logs) : IDisposable
{
    private readonly X509Certificate2 _certificate = SelfSigned.CertificateFor("api");

    public void Dispose()
    {
        _certificate.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_relative_redirect_is_followed_at_the_same_endpoint()
    {
        await using var fleet = await BackendFleet.StartAsync(2, context => AnswerAsync(context, static _ => "/final"));
        await using var client = Of(fleet, static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        await AssertRedirectedAsync(client);
        await AssertRedirectedAsync(client);

        Assert.All(fleet, static backend => Assert.Equal(["/start", "/final"], backend.Received.Select(static request => request.Target)));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_redirect_to_the_backends_own_address_is_followed()
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, static request => $"http://{request.Host}/final"));
        await using var client = Of(backend);

        await AssertRedirectedAsync(client);

        Assert.Equal(["/start", "/final"], backend.Received.Select(static request => request.Target));
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData("http://api/start", "api")]
    [InlineData("http://api:8080/start", "api:8080")]
    public async Task A_redirect_to_the_logical_name_that_the_backend_was_called_by_stays_at_it(string address, string host)
    {
        await using var fleet = await BackendFleet.StartAsync(2, context => AnswerAsync(context, static request => $"http://{request.Host}/final?x=%2F"));
        await using var client = Of(fleet, static options =>
        {
            options.HostHeader = HostHeaderMode.Service;
            options.Strategy = LoadBalancingStrategies.RoundRobin;
        });

        await AssertRedirectedAsync(client, address);
        await AssertRedirectedAsync(client, address);

        Assert.All(fleet, backend => Assert.Equal([("/start", host), ("/final?x=%2F", host)], backend.Received.Select(static request => (request.Target, request.Host))));
    }

    [Fact]
    public async Task A_redirect_to_the_logical_name_stays_at_it_although_its_path_looks_like_another_host()
    {
        await using var backend = await Backend.StartAsync(static context => context.Request.Path == "/start"
            ? AnswerAsync(context, static request => $"http://{request.Host}//elsewhere.invalid/final")
            : Task.CompletedTask);
        await using var client = Of(backend, static options => options.HostHeader = HostHeaderMode.Service);

        await client.GetAsync(1, "http://api/start");

        Assert.Equal(["/start", "//elsewhere.invalid/final"], backend.Received.Select(static request => request.Target));
    }

    [Fact]
    public async Task A_redirect_to_the_name_on_the_certificate_of_an_endpoint_given_as_an_IP_address_stays_at_it()
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, static request => $"https://{request.Host}/final"), certificate: _certificate);
        await using var client = Client(backend.Address);

        await AssertRedirectedAsync(client, "https://api/start");

        Assert.Equal([("/start", "api"), ("/final", "api")], backend.Received.Select(static request => (request.Target, request.Host)));
    }

    [Fact]
    public async Task A_redirect_elsewhere_carries_neither_the_host_that_the_balancer_set_nor_the_callers_authorization()
    {
        string? authorization = null;
        await using var elsewhere = await Backend.StartAsync(context =>
        {
            authorization = context.Request.Headers.Authorization.ToString();
            return context.Response.WriteAsync("final");
        });
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, _ => $"{elsewhere.Address}final"));
        await using var client = Of(backend, static options => options.HostHeader = HostHeaderMode.Service);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/start") { Headers = { { "Authorization", "Bearer secret" } } };

        using var response = await client.Http.SendAsync(request);

        Assert.Equal("final", await response.Content.ReadAsStringAsync());
        Assert.Equal("api", Assert.Single(backend.Received).Host);
        Assert.Equal($"127.0.0.1:{elsewhere.Port}", Assert.Single(elsewhere.Received).Host);
        Assert.Equal("", authorization);
        Assert.Equal("Bearer secret", request.Headers.Authorization?.ToString());
        Assert.Null(request.Headers.Host);
    }

    [Theory]
    [InlineData(302, "GET", "")]
    [InlineData(303, "GET", "")]
    [InlineData(307, "POST", "order")]
    [InlineData(308, "POST", "order")]
    public async Task A_post_becomes_a_get_or_stays_one_as_the_status_says(int status, string method, string body)
    {
        string? received = null;
        await using var backend = await Backend.StartAsync(async context =>
        {
            if (context.Request.Path == "/final")
            {
                received = $"{context.Request.Method} {await new StreamReader(context.Request.Body).ReadToEndAsync()}";
                return;
            }

            await AnswerAsync(context, static _ => "/final", status);
        });
        await using var client = Of(backend);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://api/start") { Content = new StringContent("order") };

        using var response = await client.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"{method} {body}", received);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.NotNull(request.Content);
    }

    [Theory]
    [InlineData(302, true)]
    [InlineData(302, false)]
    [InlineData(307, true)]
    [InlineData(307, false)]
    public async Task A_post_that_was_redirected_to_where_nothing_listens_is_not_sent_to_another_backend(int status, bool followedByThePrimary)
    {
        await using var fleet = await BackendFleet.StartAsync(2, context => AnswerAsync(context, static _ => "http://127.0.0.1:1/final", status));
        await using var client = Client(followedByThePrimary, fleet.Select(static backend => backend.Address));

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PostAsync("http://api/start", new StringContent("order")));

        Assert.Equal(HttpRequestError.ConnectionError, failure.HttpRequestError);
        Assert.Equal("POST", Assert.Single(fleet.SelectMany(static backend => backend.Received)).Method);
    }

    [Fact]
    public async Task A_post_whose_redirect_finds_its_endpoint_gone_is_not_sent_to_another()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var other = await Backend.StartAsync();
        await using var client = Create(builder => builder.AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.AddEndpoints(new Uri($"http://{listener.LocalEndpoint}"), other.Address);
        }));
        var redirecting = RedirectOnceAsync(listener);

        // Each endpoint gets one of two posts.
        var failures = new List<Exception?>();
        for (var i = 0; i < 2; i++)
        {
            failures.Add(await Record.ExceptionAsync(() => client.Http.PostAsync("http://api/start", new StringContent("order"))));
        }

        await Eventually.Done(redirecting);
        Assert.IsType<HttpRequestException>(Assert.Single(failures, static failure => failure is not null));
        Assert.Equal(1, other.Count);
    }

    [Theory]
    [InlineData("GET", 302, null)]
    [InlineData("PUT", 303, "order")]
    public async Task A_request_whose_redirect_breaks_at_its_endpoint_moves_to_another_as_it_was(string method, int status, string? body)
    {
        var broken = 0;
        var received = new List<string>();
        await using var fleet = await BackendFleet.StartAsync(2, async context =>
        {
            if (context.Request.Path == "/final" && Interlocked.Increment(ref broken) == 1)
            {
                context.Abort();
                return;
            }

            if (context.Request.Path == "/start")
            {
                received.Add($"{context.Request.Method} {await new StreamReader(context.Request.Body).ReadToEndAsync()} {context.Request.Headers.Authorization}");
            }

            await AnswerAsync(context, static _ => "/final", status);
        });
        await using var client = Of(fleet);
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://api/start")
        {
            Headers = { { "Authorization", "Bearer secret" } },
            Content = body is null ? null : new StringContent(body),
        };

        using var response = await client.Http.SendAsync(request);

        Assert.Equal("final", await response.Content.ReadAsStringAsync());
        Assert.Equal(Enumerable.Repeat($"{method} {body} Bearer secret", 2), received);
        Assert.All(fleet, static backend => Assert.Equal(["/start", "/final"], backend.Received.Select(static received => received.Target)));
    }

    [Fact]
    public async Task A_failure_elsewhere_does_not_count_against_the_endpoint_that_redirected_there()
    {
        await using var elsewhere = await Backend.StartAsync(AskForPauseAsync);
        await using var fleet = await BackendFleet.StartAsync(2, context => AnswerAsync(context, request => request.Path == "/dead" ? "http://127.0.0.1:1/" : $"{elsewhere.Address}"));
        await using var client = Of(fleet, static options => options.OutlierDetection.ConsecutiveFailures = 1);

        using var response = await client.Http.GetAsync("http://api/start");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("http://api/dead"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1, elsewhere.Count);
        Assert.Equal(2, fleet.Counts.Sum());
        Assert.DoesNotContain(client.Endpoints, static endpoint => endpoint.Health == EndpointHealth.Ejected);
    }

    [Fact]
    public async Task A_Retry_After_from_elsewhere_is_not_the_endpoint_s_second_one_in_a_row()
    {
        await using var elsewhere = await Backend.StartAsync(AskForPauseAsync);
        await using var fleet = await BackendFleet.StartAsync(
            2, context => context.Request.Path == "/busy" ? AskForPauseAsync(context) : AnswerAsync(context, _ => $"{elsewhere.Address}"));
        await using var client = Of(fleet, static options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.Failover.Enabled = false;
        });

        // Each endpoint gets one of two requests.
        foreach (var path in (string[])["/busy", "/busy", "/start", "/start"])
        {
            using var response = await client.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }

        Assert.Equal(2, elsewhere.Count);
        Assert.DoesNotContain(client.Endpoints, static endpoint => endpoint.Health == EndpointHealth.Ejected);
    }

    [Fact]
    public async Task A_redirect_from_https_to_http_is_not_followed()
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, static request => $"http://{request.Host}/final"), certificate: _certificate);
        await using var client = Client(backend.Address);

        using var response = await client.Http.GetAsync("https://api/start");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(1, backend.Count);
    }

    [Theory]
    [InlineData("ftp://elsewhere/final")]
    [InlineData("mailto:somebody@elsewhere")]
    public async Task A_redirect_to_another_scheme_than_http_is_returned_to_the_caller(string target)
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, _ => target));
        await using var client = Of(backend);

        using var response = await client.Http.GetAsync("http://api/start");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(target, response.Headers.Location!.OriginalString);
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_more_redirects_are_followed_than_the_primary_handler_allows(bool synchronous)
    {
        // The loop ends, so that a client that follows them all comes to an end as well.
        var arrivals = 0;
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, _ => Interlocked.Increment(ref arrivals) < 20 ? "/again" : "/final"));
        await using var client = Client(handler => handler.MaxAutomaticRedirections = 3, [backend.Address]);

        using var response = await client.SendAsync(synchronous);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(4, backend.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chunked_request_that_becomes_a_get_is_not_chunked_any_more_and_afterwards_is_as_it_was(bool synchronous)
    {
        var received = new List<string>();
        await using var backend = await Backend.StartAsync(async context =>
        {
            received.Add(await DescribeAsync(context.Request));
            await AnswerAsync(context, static _ => "/final");
        });
        await using var client = Of(backend);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://api/start") { Content = new StringContent("order") };
        request.Headers.TransferEncodingChunked = true;

        using var response = await Task.Run(() => synchronous ? Task.FromResult(client.Http.Send(request)) : client.Http.SendAsync(request));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["POST chunked order", "GET  "], received);
        Assert.NotEqual(true, response.RequestMessage!.Headers.TransferEncodingChunked);
        Assert.True(request.Headers.TransferEncodingChunked);
    }

    [Fact]
    public async Task A_chunked_request_whose_redirect_breaks_at_its_endpoint_is_chunked_again_at_another()
    {
        var broken = 0;
        var received = new List<string>();
        await using var fleet = await BackendFleet.StartAsync(2, async context =>
        {
            received.Add(await DescribeAsync(context.Request));
            await (context.Request.Path == "/final" && Interlocked.Increment(ref broken) == 1
                ? Answers.ResetAsync(context)
                : AnswerAsync(context, static _ => "/final", StatusCodes.Status303SeeOther));
        });
        await using var client = Of(fleet);
        using var request = new HttpRequestMessage(HttpMethod.Put, "http://api/start") { Content = new StringContent("order") };
        request.Headers.TransferEncodingChunked = true;

        using var response = await client.Http.SendAsync(request);

        Assert.Equal("final", await response.Content.ReadAsStringAsync());
        Assert.Equal(["PUT chunked order", "GET  ", "PUT chunked order", "GET  "], received);
        Assert.All(fleet, static backend => Assert.Equal(2, backend.Count));
    }

    [Fact]
    public async Task No_redirect_is_followed_if_the_primary_handler_allows_none()
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, static _ => "/final"));
        await using var client = Client(handler => handler.AllowAutoRedirect = false, [backend.Address]);

        using var response = await client.Http.GetAsync("http://api/start");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(1, backend.Count);
    }

    [Fact]
    public async Task Redirects_are_followed_around_an_HttpClientHandler_too()
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, static request => $"http://{request.Host}/final"));
        await using var client = Create(builder => builder
            .ConfigurePrimaryHttpMessageHandler(static () => new HttpClientHandler { UseProxy = false })
            .AddLoadBalancing(options =>
            {
                options.HostHeader = HostHeaderMode.Service;
                options.AddEndpoints(backend.Address);
            }));

        await AssertRedirectedAsync(client);

        Assert.Equal(["/start", "/final"], backend.Received.Select(static request => request.Target));
    }

    [Fact]
    public async Task Clients_that_share_a_primary_handler_all_follow_redirects()
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, static _ => "/final"));
        using var shared = new SocketsHttpHandler { UseProxy = false };
        var services = new ServiceCollection();
        foreach (var name in (string[])["one", "two"])
        {
            services.AddHttpClient(name).ConfigurePrimaryHttpMessageHandler(() => shared).AddLoadBalancing(options => options.AddEndpoints(backend.Address));
        }

        services.AddHttpClient("plain", client => client.BaseAddress = backend.Address).ConfigurePrimaryHttpMessageHandler(() => shared);
        await using var provider = services.BuildServiceProvider();
        foreach (var name in (string[])["one", "two", "plain"])
        {
            using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);

            Assert.Equal("final", await client.GetStringAsync("/start"));
        }
    }

    [Fact]
    public async Task A_synchronous_request_is_redirected_too()
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, static request => $"http://{request.Host}/final"));
        await using var client = Of(backend, static options => options.HostHeader = HostHeaderMode.Service);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/start");

        using var response = await Task.Run(() => client.Http.Send(request));

        Assert.Equal("final", await response.Content.ReadAsStringAsync());
        Assert.Equal(["/start", "/final"], backend.Received.Select(static received => received.Target));
    }

    private BalancedClient Of(Backend backend, Action<LoadBalancingOptions>? configure = null) => Of([backend], configure);

    private BalancedClient Of(IEnumerable<Backend> backends, Action<LoadBalancingOptions>? configure = null) =>
        Create(builder => builder.AddLoadBalancing(options =>
        {
            options.AddEndpoints(backends.Select(static backend => backend.Address));
            configure?.Invoke(options);
        }));

    private BalancedClient Create(Action<IHttpClientBuilder> build) => BalancedClient.Create(builder =>
    {
        if (!logs)
        {
            builder.RemoveAllLoggers();
        }

        build(builder);
    });

    private BalancedClient Client(Uri address) =>
        Client(handler => handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=api", [address]);

    // If the primary handler has credentials for any host, it follows redirects by itself, because it must not send them to others.
    private BalancedClient Client(bool followedByThePrimary, IEnumerable<Uri> addresses) =>
        Client(handler => handler.Credentials = followedByThePrimary ? new NetworkCredential("name", "password") : null, addresses);

    private BalancedClient Client(Action<SocketsHttpHandler> configure, IEnumerable<Uri> addresses) =>
        Create(builder => builder
            .UseSocketsHttpHandler((handler, _) => configure(handler))
            .AddLoadBalancing(options => options.AddEndpoints(addresses)));

    private static async Task AssertRedirectedAsync(BalancedClient client, string address = "http://api/start")
    {
        using var response = await client.Http.GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("final", await response.Content.ReadAsStringAsync());
        Assert.Equal("/final", response.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal(new Uri(address).GetLeftPart(UriPartial.Authority), response.RequestMessage.RequestUri.GetLeftPart(UriPartial.Authority));
    }

    private static Task AnswerAsync(HttpContext context, Func<HttpRequest, string> target, int status = StatusCodes.Status302Found)
    {
        if (context.Request.Path == "/final")
        {
            return context.Response.WriteAsync("final");
        }

        context.Response.StatusCode = status;
        context.Response.Headers.Location = target(context.Request);
        return Task.CompletedTask;
    }

    private static async Task<string> DescribeAsync(HttpRequest request) =>
        $"{request.Method} {request.Headers.TransferEncoding} {await new StreamReader(request.Body).ReadToEndAsync()}";

    private static Task AskForPauseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "30";
        return Answers.Status(StatusCodes.Status503ServiceUnavailable)(context);
    }

    // Accepts one connection, and stops listening before it answers.
    private static async Task RedirectOnceAsync(TcpListener listener)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        listener.Stop();
        var stream = connection.GetStream();
        await stream.ReadUntilAsync("order");
        await stream.WriteAsync("HTTP/1.1 307 Temporary Redirect\r\nLocation: /final\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
}
