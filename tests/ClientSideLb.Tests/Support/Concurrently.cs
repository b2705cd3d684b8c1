namespace ClientSideLb.Tests;

/// <summary>Runs work on threads of its own that all start at the same moment.</summary>
internal static class Concurrently
{
    internal static void Run(int threads, Action<int> work)
    {
        var faults = new List<Exception>();
        using var start = new Barrier(threads);
        var all = Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                work(index);
            }
            catch (Exception fault)
            {
                lock (faults)
                {
                    faults.Add(fault);
                }
            }
        })
        {
            IsBackground = true,
        }).ToList();
        all.ForEach(static thread => thread.Start());
        Assert.All(all, static thread => Assert.True(thread.Join(Eventually.Deadline), "A thread did not end."));
        if (faults.Count > 0)
        {
            throw new AggregateException(faults);
        }
    }
}
