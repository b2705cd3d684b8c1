using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Polly.Timeout;

namespace ClientSideLb.Tests;

public sealed class ErrorTypeTests
{
    public static TheoryData<HttpRequestError> Errors => [.. Enum.GetValues<HttpRequestError>().Except([HttpRequestError.Unknown])];

    [Fact]
    public void What_succeeded_has_none()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.InternalServerError);

        Assert.Null(ErrorType.Of(new AttemptResult { Endpoint = null!, Request = null!, Response = response, Verdict = AttemptVerdict.Success }));
    }

    [Fact]
    public void A_status_that_counts_as_a_failure_is_its_number()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.BadGateway);

        Assert.Equal("502", ErrorType.Of(new AttemptResult { Endpoint = null!, Request = null!, Response = response, Verdict = AttemptVerdict.Failure }));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void A_transport_error_is_named_as_OpenTelemetry_and_the_runtime_do(HttpRequestError error)
    {
        var name = ErrorType.Of(new HttpRequestException(error));

        Assert.Equal(Regex.Replace($"{error}", "(?<=[a-z])(?=[A-Z])", "_").ToLowerInvariant(), name);
    }

    [Fact]
    public void Timeouts_of_all_kinds_are_one()
    {
        Assert.Equal("timeout", ErrorType.Of(new TimeoutRejectedException()));
        Assert.Equal("timeout", ErrorType.Of(new TaskCanceledException("The connection timed out.", new TimeoutException())));
        Assert.Equal("timeout", ErrorType.Of(new TimeoutException()));
    }

    [Fact]
    public void Any_other_exception_is_its_type_and_never_its_message()
    {
        Assert.Equal("System.InvalidOperationException", ErrorType.Of(new InvalidOperationException("user 17")));
        Assert.Equal("System.Net.Http.HttpRequestException", ErrorType.Of(new HttpRequestException("user 17")));
    }

    [Fact]
    public void The_names_in_metrics_and_traces_are_unlike_each_other()
    {
        var names = typeof(TelemetryNames)
            .GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(static field => field.Name is not (nameof(TelemetryNames.Meter) or nameof(TelemetryNames.Version) or nameof(TelemetryNames.FailoverEvent)))
            .Select(static field => (string)field.GetRawConstantValue()!)
            .ToList();

        Assert.Equal(names.Distinct(), names);
    }
}
