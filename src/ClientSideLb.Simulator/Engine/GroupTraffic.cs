using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Clients;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Engine;

/// <summary>The common properties of the requests of one group of clients: arrivals, keys, deadlines, and the way to each backend.</summary>
internal sealed class GroupTraffic
{
    /// <param name="group">The group.</param>
    /// <param name="lines">The line to each backend.</param>
    internal GroupTraffic(ClientGroup group, AnswerLine[] lines)
    {
        Arrivals = ArrivalTimes.Create(group.Arrivals, group.Count);
        Keys = new KeySampler(group.Keys);
        CallerDeadlines = new DeadlineList(Nanoseconds.Of(group.Timeout));
        AttemptDeadlines = group.Balancer.Failover.AttemptTimeout is { } timeout ? new DeadlineList(Nanoseconds.Of(timeout)) : null;
        Lines = lines;
    }

    internal ArrivalTimes Arrivals { get; }

    internal KeySampler Keys { get; }

    internal DeadlineList CallerDeadlines { get; }

    internal DeadlineList? AttemptDeadlines { get; }

    internal AnswerLine[] Lines { get; }

    internal long NextAttemptDeadline => AttemptDeadlines?.NextTime ?? long.MaxValue;

    internal long NextDeadline => Math.Min(NextAttemptDeadline, CallerDeadlines.NextTime);
}
