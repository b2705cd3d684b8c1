using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Polly.Timeout;

namespace ClientSideLb.Tests;

public sealed class ErrorTypeTests
{
    public static TheoryData<HttpRequestError> Errors => [.. Enum.GetValues<HttpRequestError>().Except([HttpRequestError.Unknown])];

    [Fact]
    public void A_success_has_no_error_type()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.InternalServerError);

        Assert.Null(ErrorType.Of(new AttemptResult { Endpoint = null!, Request = null!, Response = response, Verdict = AttemptVerdict.Success }));
    }

    [Fact]
    public void The_error_type_of_a_status_that_counts_as_a_failure_is_its_number()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.BadGateway);

        Assert.Equal("502", ErrorType.Of(new AttemptResult { Endpoint = null!, Request = null!, Response = response, Verdict = AttemptVerdict.Failure }));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void The_error_type_of_a_transport_error_is_the_one_of_OpenTelemetry_and_the_runtime(HttpRequestError error)
    {
        var name = ErrorType.Of(new HttpRequestException(error));

        Assert.Equal(Regex.Replace($"{error}", "(?<=[a-z])(?=[A-Z])", "_").ToLowerInvariant(), name);
    }

    [Fact]
    public void All_timeouts_have_one_error_type()
    {
        Assert.Equal("timeout", ErrorType.Of(TimeLimitFailure.Create(new HttpRequestMessage(), TimeSpan.FromSeconds(1), new TaskCanceledException())));
        Assert.Equal("timeout", ErrorType.Of(new TimeoutRejectedException()));
        Assert.Equal("timeout", ErrorType.Of(new TaskCanceledException("The connection timed out.", new TimeoutException())));
        Assert.Equal("timeout", ErrorType.Of(new TimeoutException()));
    }

    [Fact]
    public void The_error_type_of_any_other_exception_is_its_type_and_never_its_message()
    {
        Assert.Equal("System.InvalidOperationException", ErrorType.Of(new InvalidOperationException("user 17")));
        Assert.Equal("System.Net.Http.HttpRequestException", ErrorType.Of(new HttpRequestException("user 17")));
    }

    [Fact]
    public void The_names_in_metrics_and_traces_are_distinct()
    {
        var names = typeof(TelemetryNames)
            .GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(static field => field.Name is not (nameof(TelemetryNames.Meter) or nameof(TelemetryNames.Version) or nameof(TelemetryNames.FailoverEvent)))
            .Select(static field => (string)field.GetRawConstantValue()!)
            .ToList();

        Assert.Equal(names.Distinct(), names);
    }
}
