using ClientSideLb.Simulator.Backends;

namespace ClientSideLb.Simulator.Engine;

/// <summary>The answers on their way over one distance. All take the same time, so they arrive in the order in which they were sent.</summary>
/// <param name="roundTrip">The time that an answer spends on the network, in nanoseconds. It contains the time that the request has spent there.</param>
internal sealed class AnswerLine(long roundTrip)
{
    private readonly Queue<PendingAnswer> _answers = new();

    internal long RoundTrip => roundTrip;

    /// <summary>Gets the time at which the next answer arrives, or <see cref="long.MaxValue"/> if none is on its way.</summary>
    internal long NextTime => _answers.TryPeek(out var answer) ? answer.Time : long.MaxValue;

    internal void Send(Job job, Outcome outcome, long now) => _answers.Enqueue(new PendingAnswer(now + roundTrip, job, outcome));

    internal PendingAnswer Receive() => _answers.Dequeue();
}
