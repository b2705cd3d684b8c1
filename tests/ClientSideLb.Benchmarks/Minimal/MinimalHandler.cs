namespace ClientSideLb.Benchmarks.Minimal;

/// <summary>
/// About the least that a handler does which balances requests to the usual addresses, tells where they went, and counts them in flight until
/// their body has ended: what is measured above this is mostly what this library does besides.
/// </summary>
/// <remarks>
/// It takes endpoints in turn, has most addresses rewritten already, and wraps the body. It knows no health, moves no request, tells nobody what
/// it does, and loses count of a response that is dropped.
/// </remarks>
internal class MinimalHandler(params Uri[] endpoints) : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<MinimalEndpoint> Endpoint = new("Minimal.Endpoint");

    private readonly MinimalEndpoint[] _endpoints = [.. endpoints.Select(static address => new MinimalEndpoint(address))];
    private int _turn;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var endpoint = Begin();
        var logical = request.RequestUri!;
        request.Options.Set(Endpoint, endpoint);
        request.RequestUri = endpoint.AddressFor(logical);
        var sending = base.SendAsync(request, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
        {
            return ReceiveAsync(sending, request, logical, endpoint);
        }

        Receive(sending.Result, request, logical, endpoint);
        return sending;
    }

    /// <summary>Chooses the endpoint of a request, and counts the request there.</summary>
    private protected virtual MinimalEndpoint Begin()
    {
        var endpoint = _endpoints[(uint)Interlocked.Increment(ref _turn) % (uint)_endpoints.Length];
        endpoint.AddInFlight();
        return endpoint;
    }

    private static async Task<HttpResponseMessage> ReceiveAsync(
        Task<HttpResponseMessage> sending, HttpRequestMessage request, Uri logical, MinimalEndpoint endpoint)
    {
        HttpResponseMessage response;
        try
        {
            response = await sending.ConfigureAwait(false);
        }
        catch
        {
            request.RequestUri = logical;
            endpoint.RemoveInFlight();
            throw;
        }

        Receive(response, request, logical, endpoint);
        return response;
    }

    private static void Receive(HttpResponseMessage response, HttpRequestMessage request, Uri logical, MinimalEndpoint endpoint)
    {
        request.RequestUri = logical;
        response.Content = new MinimalContent(response.Content, endpoint);
    }
}
