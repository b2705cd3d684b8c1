namespace ClientSideLb.Simulator;

/// <summary>
/// Runs asynchronous production code, which is the prober, on the simulation's own thread: what is to go on waits in line until the
/// event that let it go on is over. So there is one order of things, the same in every run.
/// </summary>
internal sealed class StepScheduler : TaskScheduler
{
    private readonly Queue<Task> _waiting = new();

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs whatever can go on, and what that lets go on.</summary>
    internal void Run()
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
