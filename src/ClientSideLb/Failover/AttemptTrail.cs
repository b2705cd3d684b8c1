using System.Globalization;
using System.Net;
using System.Runtime.ExceptionServices;
using ClientSideLb.Requests;
using ClientSideLb.Shared;
using ClientSideLb.Strategies;

namespace ClientSideLb.Failover;

/// <summary>
/// The answers of the endpoints at which one request failed. If the request fails in the end, its exception tells all of them, and not the last one alone.
/// Safe for one thread at a time.
/// </summary>
/// <param name="timeout">The attempt timeout.</param>
internal sealed class AttemptTrail(TimeSpan? timeout)
{
    private const int MaxListed = 10;

    private readonly List<Answer> _answers = [];
    private int _count;

    /// <summary>Adds the result of an attempt that failed.</summary>
    internal void Add(in AttemptResult result)
    {
        if (result.Endpoint is null)
        {
            // Nothing was sent.
            return;
        }

        _count++;
        if (_answers.Count < MaxListed)
        {
            _answers.Add(new Answer(
                result.Endpoint,
                result.Response is { } response ? GrpcStatus.GetHttpStatus(result.Request, response) : null,
                result.Exception));
        }
    }

    /// <summary>
    /// Makes an exception of the same kind, with the same cause and stack trace, that tells what each endpoint said. Returns the exception itself if there was
    /// one attempt only, or if it has a type of its own, which a caller may catch.
    /// </summary>
    internal Exception Explain(Exception failure)
    {
        if (_count < 2)
        {
            return failure;
        }

        Exception? explained = failure switch
        {
            HttpRequestException request when failure.GetType() == typeof(HttpRequestException) =>
                new HttpRequestException(request.HttpRequestError, Describe(), request.InnerException ?? request, request.StatusCode),
            OperationCanceledException { InnerException: TimeoutException cause } cancelled => new TaskCanceledException(Describe(), cause, cancelled.CancellationToken),
            _ => null,
        };
        if (explained is not null && failure.StackTrace is { } trace)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(explained, trace);
        }

        return explained ?? failure;
    }

    private string Describe()
    {
        var more = _count > _answers.Count ? string.Create(CultureInfo.InvariantCulture, $"; and {_count - _answers.Count} more") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{_count} endpoints tried: {string.Join("; ", _answers.Select(Describe))}{more}.");
    }

    private string Describe(Answer answer) => $"{answer.Endpoint.Location.Key}: {answer switch
    {
        { Status: { } status } => string.Create(CultureInfo.InvariantCulture, $"{(int)status} ({status})"),
        { Failure: { } failure } when TimeLimitFailure.Is(failure) && timeout is { } limit => $"no response headers within {DurationText.Of(limit)}",
        { Failure: { } failure } => FailureText.Describe(failure, otherwise: "it failed"),
        _ => "it failed",
    }}";

    private sealed record Answer(ClusterEndpoint Endpoint, HttpStatusCode? Status, Exception? Failure);
}
