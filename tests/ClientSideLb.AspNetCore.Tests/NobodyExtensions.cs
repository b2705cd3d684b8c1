using ClientSideLb.AspNetCore.Tests.Page;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.AspNetCore.Tests;

/// <summary>Adds an authentication that knows nobody.</summary>
internal static class NobodyExtensions
{
    internal static void AddNobody(this IServiceCollection services)
    {
        services.AddAuthentication("Nobody").AddScheme<AuthenticationSchemeOptions, NobodyHandler>("Nobody", configureOptions: null);
        services.AddAuthorization();
    }
}
