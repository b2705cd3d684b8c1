namespace ClientSideLb.Simulator.Time;

/// <summary>
/// Runs asynchronous production code (the prober) on the thread of the simulation. Tasks wait in a queue until the event that woke them is
/// over, so that they run in the same order in every run.
/// </summary>
internal sealed class StepScheduler : TaskScheduler
{
    private readonly Queue<Task> _waiting = new();

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs the waiting tasks, and those that they wake, until none waits.</summary>
    internal void RunWaiting()
    {
        while (_waiting.TryDequeue(out var task))
        {
            TryExecuteTask(task);
        }
    }

    protected override void QueueTask(Task task) => _waiting.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _waiting;
}
