using CsCheck;

namespace ClientSideLb.Simulator.Tests.Engine;

public sealed class EventQueueTests
{
    [Fact]
    public void Events_come_by_their_time_and_those_of_the_same_time_in_the_order_in_which_they_were_scheduled()
    {
        Gen.Long[0, 50].Array[0, 200].Sample(times =>
        {
            var queue = new EventQueue();
            for (var i = 0; i < times.Length; i++)
            {
                queue.Push(times[i], EventKind.Arrival, i);
            }

            var expected = Enumerable.Range(0, times.Length).OrderBy(i => times[i]).ThenBy(static i => i);
            Assert.Equal(expected, Enumerable.Range(0, times.Length).Select(_ => queue.Pop().Target));
        });
    }

    [Fact]
    public void Taking_and_adding_in_turn_keeps_the_order()
    {
        Gen.Long[0, 1000].Array[1, 500].Sample(delays =>
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
                    Assert.Equal(now = queue.NextTime, queue.Pop().Time);
                    model.Dequeue();
                }
            }

            while (model.TryDequeue(out var expected, out _))
            {
                Assert.Equal(expected, queue.Pop().Target);
            }

            Assert.Equal(long.MaxValue, queue.NextTime);
        });
    }
}
