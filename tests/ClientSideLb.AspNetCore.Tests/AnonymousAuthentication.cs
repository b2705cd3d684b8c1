using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientSideLb.AspNetCore.Tests;

/// <summary>An authentication under which every user is anonymous.</summary>
internal static class AnonymousAuthentication
{
    internal static void AddAnonymousAuthentication(this IServiceCollection services)
    {
        services.AddAuthentication("Anonymous").AddScheme<AuthenticationSchemeOptions, Handler>("Anonymous", configureOptions: null);
        services.AddAuthorization();
    }

    private sealed class Handler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
