using Microsoft.Extensions.Logging;
using Polly;
using Polly.Hedging;
using Polly.Retry;
using Polly.Telemetry;

namespace ClientSideLb.Failover;

/// <summary>
/// The two Polly pipelines that send further attempts: a retry without delay, and hedging. The first attempt of a request that is not hedged
/// does not run through them, so it costs nothing more.
/// </summary>
internal sealed class FailoverPipeline
{
    // The options do not allow more attempts. FailoverRules applies the number that they set.
    private const int MaxAttempts = 10;

    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly string _clientName;
    private volatile ResiliencePipeline<HttpResponseMessage>? _move;
    private volatile ResiliencePipeline<HedgedResult>? _hedge;

    internal FailoverPipeline(string clientName, TimeProvider time, ILoggerFactory loggers)
    {
        _clientName = clientName;
        _time = time;
        _loggers = loggers;
    }

    // Most clients hedge no request, and many never move one. Requests that come together may each make a pipeline. A lock would be held while
    // the application's logging runs.
    private ResiliencePipeline<HttpResponseMessage> MovePipeline => _move ??= CreateBuilder<HttpResponseMessage>("Failover")
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            Name = "Move",
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.Zero,
            ShouldHandle = static arguments => new ValueTask<bool>(FailoverRun.Of(arguments.Context).TryMove()),
        })
        .Build();

    private ResiliencePipeline<HedgedResult> HedgePipeline => _hedge ??= CreateBuilder<HedgedResult>("Hedging")
        .AddHedging(new HedgingStrategyOptions<HedgedResult>
        {
            Name = "Hedge",
            MaxHedgedAttempts = MaxAttempts - 1,
            DelayGenerator = static arguments => new ValueTask<TimeSpan>(HedgedRun.Of(arguments.Context).Delay),
            ShouldHandle = static arguments => new ValueTask<bool>(arguments.Outcome.Result is { Attempt.MayDoBetterElsewhere: true }),
            ActionGenerator = TryCreateHedge,
        })
        .Build();

    /// <summary>
    /// Sends a request whose first attempt failed to other endpoints, until one answers or the rules permit no further attempt.
    /// </summary>
    internal async Task<HttpResponseMessage> MoveAsync(FailoverRun run)
    {
        var context = run.RentContext();
        try
        {
            return await MovePipeline.ExecuteAsync(static (context, run) => new ValueTask<HttpResponseMessage>(run.SendAsync()), context, run).ConfigureAwait(false);
        }
        catch (Exception failure) when (run.Explain(failure) is var explained && !ReferenceEquals(explained, failure))
        {
            throw explained;
        }
        finally
        {
            run.Report();
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Does the same as <see cref="MoveAsync"/> for a synchronous request.</summary>
    internal HttpResponseMessage Move(FailoverRun run)
    {
        var context = run.RentContext();
        try
        {
            return MovePipeline.Execute(static (context, run) => run.Send(), context, run);
        }
        catch (Exception failure) when (run.Explain(failure) is var explained && !ReferenceEquals(explained, failure))
        {
            throw explained;
        }
        finally
        {
            run.Report();
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>
    /// Sends a request to one endpoint, and to another one whenever the earlier ones have failed or not answered within the hedging delay.
    /// The first answer that is no failure wins.
    /// </summary>
    internal async Task<HttpResponseMessage> HedgeAsync(HedgedRun run)
    {
        HedgedResult winner;
        var context = run.RentContext();
        try
        {
            winner = await HedgePipeline.ExecuteAsync(static (context, run) => run.SendAsync(lease: null, context.CancellationToken), context, run).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            run.Report(failure);
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        return run.Finish(winner);
    }

    private static Func<ValueTask<Outcome<HedgedResult>>>? TryCreateHedge(HedgingActionGeneratorArguments<HedgedResult> arguments)
    {
        var run = HedgedRun.Of(arguments.PrimaryContext);
        return run.TryHedge(out var lease)
            ? async () => Outcome.FromResult(await run.SendAsync(lease, arguments.ActionContext.CancellationToken).ConfigureAwait(false))
            : null;
    }

    // Polly's own events are logged at debug level, because the balancer counts and logs each move itself.
    private ResiliencePipelineBuilder<T> CreateBuilder<T>(string name) =>
        new ResiliencePipelineBuilder<T> { Name = $"ClientSideLb.{name}", InstanceName = _clientName, TimeProvider = _time }
            .ConfigureTelemetry(new TelemetryOptions { LoggerFactory = _loggers, SeverityProvider = static _ => ResilienceEventSeverity.Debug });
}
