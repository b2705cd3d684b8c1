namespace ClientSideLb.Requests;

/// <summary>
/// Stands above a primary handler that the application uses elsewhere too. The pipeline of the balanced client neither changes nor disposes that
/// handler. A gRPC client does not find it either, and so does not set up connections of its own.
/// </summary>
/// <param name="primary">The application's handler.</param>
internal sealed class SharedPrimaryHandler(HttpMessageHandler primary) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _invoker = new(primary, disposeHandler: false);

    /// <summary>Gets the application's handler.</summary>
    internal HttpMessageHandler Primary => primary;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker.Send(request, cancellationToken);
}
