using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.PublicApi.Tests.Docs;

/// <summary>The C# of docs/write-a-failure-rule.md.</summary>
internal static class FailureRules
{
    internal static void ServerErrors(IServiceCollection services)
    {
        services.AddHttpClient("orders").AddLoadBalancing(options =>
        {
            options.IsFailure = result =>
                result.Verdict is AttemptVerdict.Failure or AttemptVerdict.Refused
                || result.Response is { StatusCode: HttpStatusCode.InternalServerError };
        });
    }

    internal static void TooManyRequests(LoadBalancingOptions options)
    {
        options.IsFailure = result =>
            result.Verdict is AttemptVerdict.Failure or AttemptVerdict.Refused
            || result.Response is { StatusCode: HttpStatusCode.TooManyRequests };
    }

    internal static void FaultOfTheRequest(LoadBalancingOptions options)
    {
        options.IsFailure = result =>
            result.Verdict is AttemptVerdict.Failure or AttemptVerdict.Refused
            && result.Response?.Headers.Contains("X-Your-Fault") != true;
    }

    internal static void MarkedByAHeader(LoadBalancingOptions options)
    {
        options.IsFailure = result =>
            result.Verdict is AttemptVerdict.Failure or AttemptVerdict.Refused
            || result.Response?.Headers.Contains("X-Degraded") == true;
    }

    internal static void ByBody(IServiceCollection services)
    {
        services.AddHttpClient("orders")
            .AddLoadBalancing()
            .AddHttpMessageHandler(() => new ErrorInBodyHandler());
    }
}
