namespace ClientSideLb;

/// <summary>
/// How one attempt of a request ended: with a response's headers, or with an exception. Where the headers were good and the body then
/// broke off, that is told as well, as an exception.
/// </summary>
/// <param name="Endpoint">The endpoint it went to.</param>
/// <param name="Request">The request.</param>
/// <param name="Response">The response, or <see langword="null"/> where there was an exception. Its body must not be read.</param>
/// <param name="Exception">The exception, or <see langword="null"/> where there was a response.</param>
public readonly record struct AttemptOutcome(
    ClusterEndpoint Endpoint, HttpRequestMessage Request, HttpResponseMessage? Response, Exception? Exception);
