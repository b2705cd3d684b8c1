using Microsoft.Extensions.Logging;
using Polly;
using Polly.Hedging;
using Polly.Retry;
using Polly.Telemetry;

namespace ClientSideLb.Failover;

/// <summary>
/// The Polly pipelines behind the first attempt: a retry that moves on at once, and hedging. The first attempt of a request that is not
/// hedged goes around them, and pays nothing for them.
/// </summary>
internal sealed class FailoverPipeline
{
    // The options allow no more; how many a request may have they say themselves.
    private const int MaxAttempts = 10;

    private readonly ResiliencePipeline<HttpResponseMessage> _move;
    private readonly ResiliencePipeline<HedgedResult> _hedge;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly string _clientName;

    internal FailoverPipeline(string clientName, TimeProvider time, ILoggerFactory loggers)
    {
        _clientName = clientName;
        _time = time;
        _loggers = loggers;
        _move = Builder<HttpResponseMessage>("Failover")
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                Name = "Move",
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.Zero,
                ShouldHandle = static arguments => new ValueTask<bool>(FailoverRun.Of(arguments.Context).TryMove()),
            })
            .Build();
        _hedge = Builder<HedgedResult>("Hedging")
            .AddHedging(new HedgingStrategyOptions<HedgedResult>
            {
                Name = "Hedge",
                MaxHedgedAttempts = MaxAttempts - 1,
                DelayGenerator = static arguments => new ValueTask<TimeSpan>(HedgedRun.Of(arguments.Context).Delay),
                ShouldHandle = static arguments => new ValueTask<bool>(arguments.Outcome.Result is { Attempt.IsFailure: true }),
                ActionGenerator = NextHedge,
            })
            .Build();
    }

    /// <summary>Sends a request that has failed once to other endpoints, until one answers or it may not move any more.</summary>
    internal async Task<HttpResponseMessage> MoveAsync(FailoverRun run)
    {
        var context = run.NewContext();
        try
        {
            return await _move.ExecuteAsync(static (context, run) => new ValueTask<HttpResponseMessage>(run.SendAsync()), context, run).ConfigureAwait(false);
        }
        finally
        {
            run.Report();
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Does the same for a synchronous request.</summary>
    internal HttpResponseMessage Move(FailoverRun run)
    {
        var context = run.NewContext();
        try
        {
            return _move.Execute(static (context, run) => run.Send(), context, run);
        }
        finally
        {
            run.Report();
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Sends a request to one endpoint, and to further ones while no answer has come or the earlier ones failed; the first answer wins.</summary>
    internal async Task<HttpResponseMessage> HedgeAsync(HedgedRun run)
    {
        HedgedResult winner;
        var context = run.NewContext();
        try
        {
            winner = await _hedge.ExecuteAsync(static (context, run) => run.SendAsync(context.CancellationToken), context, run).ConfigureAwait(false);
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

    private static Func<ValueTask<Outcome<HedgedResult>>>? NextHedge(HedgingActionGeneratorArguments<HedgedResult> arguments)
    {
        var run = HedgedRun.Of(arguments.PrimaryContext);
        return run.TryHedge()
            ? async () => Outcome.FromResult(await run.SendAsync(arguments.ActionContext.CancellationToken).ConfigureAwait(false))
            : null;
    }

    // Polly's own telemetry, one level down: that a request moved is worth a count, and a line only to who asks for it.
    private ResiliencePipelineBuilder<T> Builder<T>(string name) =>
        new ResiliencePipelineBuilder<T> { Name = $"ClientSideLb.{name}", InstanceName = _clientName, TimeProvider = _time }
            .ConfigureTelemetry(new TelemetryOptions { LoggerFactory = _loggers, SeverityProvider = static _ => ResilienceEventSeverity.Debug });
}
