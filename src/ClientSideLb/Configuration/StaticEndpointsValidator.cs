using Microsoft.Extensions.Options;

namespace ClientSideLb.Configuration;

/// <summary>Refuses options without endpoints. Without a container of the application, there is no service discovery.</summary>
internal sealed class StaticEndpointsValidator : IValidateOptions<LoadBalancingOptions>
{
    public ValidateOptionsResult Validate(string? name, LoadBalancingOptions options) => options.Endpoints.Count > 0
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Load balancing of client '{GeneratedName.Shorten(name ?? "")}': {nameof(options.Endpoints)} is empty; expected at least one endpoint.");
}
