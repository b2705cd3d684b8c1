using Microsoft.Extensions.Http;

namespace ClientSideLb.Requests;

/// <summary>
/// Runs those actions of a client's handler configuration that concern its primary handler. Actions for other handlers end before they create one.
/// </summary>
/// <param name="name">The name of the client.</param>
/// <param name="services">The services that the actions use.</param>
/// <param name="initial">
/// The handler that the actions start with. If it is <see langword="null"/>, actions that read the handler are skipped as well, so only those run
/// that replace it.
/// </param>
internal sealed class PrimaryHandlerBuilder(string name, IServiceProvider services, HttpMessageHandler? initial) : HttpMessageHandlerBuilder
{
    private HttpMessageHandler? _primary = initial;

    public override string? Name { get; set; } = name;

    // A call of AddHttpMessageHandler adds its handler to this list. The list is read before the handler is created.
    public override IList<DelegatingHandler> AdditionalHandlers => throw new ActionSkippedException();

    public override HttpMessageHandler PrimaryHandler
    {
        get => _primary ?? throw new ActionSkippedException();
        set => _primary = value;
    }

    public override IServiceProvider Services => services;

    public override HttpMessageHandler Build() => PrimaryHandler;

    /// <summary>Runs the actions of a client.</summary>
    /// <returns>The primary handler, or <see langword="null"/> if there is no initial one and no action sets one.</returns>
    /// <exception cref="Exception">An action for the primary handler failed.</exception>
    internal HttpMessageHandler? Run(HttpClientFactoryOptions options)
    {
        foreach (var action in options.HttpMessageHandlerBuilderActions)
        {
            try
            {
                action(this);
            }
            catch (ActionSkippedException)
            {
            }
        }

        return _primary;
    }

    /// <summary>Ends an action that does not concern the primary handler.</summary>
    private sealed class ActionSkippedException : Exception;
}
