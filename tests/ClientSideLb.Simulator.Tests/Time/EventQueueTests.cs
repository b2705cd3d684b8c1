using ClientSideLb.Simulator.Time;
using CsCheck;

namespace ClientSideLb.Simulator.Tests.Time;

public sealed class EventQueueTests
{
    [Fact]
    public void Events_come_by_their_time_and_events_of_the_same_time_in_the_order_in_which_they_were_scheduled()
    {
        // Every third event takes one out, so that adding and removing alternate.
        Gen.Long[0, 20].Array[0, 500].Sample(delays =>
        {
            var queue = new EventQueue();
            var model = new PriorityQueue<int, (long, int)>();
            var now = 0L;
            for (var i = 0; i < delays.Length; i++)
            {
                queue.Push(now + delays[i], EventKind.Arrival, i);
                model.Enqueue(i, (now + delays[i], i));
                if (i % 3 == 2)
                {
                    now = queue.NextTime;
                    Assert.Equal((model.Dequeue(), now), TakeNext());
                }
            }

            while (model.TryDequeue(out var expected, out var due))
            {
                Assert.Equal((expected, due.Item1), TakeNext());
            }

            Assert.Equal(long.MaxValue, queue.NextTime);

            (int Target, long Time) TakeNext()
            {
                var taken = queue.Pop();
                return (taken.Target, taken.Time);
            }
        });
    }
}
