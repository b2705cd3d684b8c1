using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Results;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Engine;

/// <summary>Moves the clock from one event to the next, and passes each event to the part that handles it.</summary>
internal sealed class EventLoop(
    VirtualTime time,
    EventQueue events,
    StepScheduler scheduler,
    IReadOnlyList<Backend> backends,
    BackendChanges changes,
    RequestFlow requests,
    Recorder recorder,
    FaultWatch faults)
{
    private const int StepsBetweenReports = 1 << 16;

    /// <summary>Runs until a time. An event at that time is still handled.</summary>
    internal void Run(long end, IProgress<SimulationProgress>? progress, CancellationToken cancellationToken)
    {
        for (var steps = 1; TryStep(end); steps++)
        {
            if (steps % StepsBetweenReports == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new SimulationProgress((double)time.Now / end, requests.Begun));
            }
        }

        progress?.Report(new SimulationProgress(1, requests.Begun));
    }

    // At the same time, events come before answers and deadlines.
    private bool TryStep(long end)
    {
        var eventTime = events.NextTime;
        var requestTime = requests.NextTime;
        if (Math.Min(eventTime, requestTime) > end)
        {
            return false;
        }

        if (eventTime <= requestTime)
        {
            time.Now = eventTime;
            Handle(events.Pop());
        }
        else
        {
            time.Now = requestTime;
            requests.HandleNext();
        }

        requests.ResumeWaiting();
        return true;
    }

    private void Handle(in Event due)
    {
        switch (due.Kind)
        {
            case EventKind.Arrival:
                requests.Begin(due.Target);
                break;
            case EventKind.Served:
                backends[Backend.IndexOf(in due)].EndService(in due);
                break;
            case EventKind.Timer:
                time.Fire(in due);
                FinishStep();
                break;
            case EventKind.Change:
                changes.Apply(due.Target, time.Now);
                FinishStep();
                break;
            case EventKind.Slice:
                recorder.EndSlice(time.Now);
                break;
        }
    }

    // Runs the probers that the event has woken. They may change the state of endpoints.
    private void FinishStep()
    {
        scheduler.RunWaiting();
        faults.CheckChanges(time.Now);
    }
}
