namespace ClientSideLb.Tests;

public sealed class EndpointRecordTests
{
    private const int Steps = 500;

    private static readonly Action<EndpointRecord, long>[] Changes =
    [
        static (record, now) => record.Ejection.EjectForFailures(now, baseTime: 10, maxTime: 100, jitter: 1),
        static (record, now) => record.Ejection.SetAside(now, duration: 5),
        static (record, now) => record.Ejection.Notice = Notice(now),
        static (record, now) => record.Ejection.Return(now),
        static (record, now) => record.Rejection.Extend(now + 3, Notice(now)),
        static (record, _) => record.Rejection.End(),
        static (record, _) => record.Probes.Add(failure: null, healthyThreshold: 2, unhealthyThreshold: 2),
        static (record, now) => record.Probes.Add($"failure {now}", healthyThreshold: 2, unhealthyThreshold: 2),
        static (record, _) => record.ClearProbes(),
        static (record, _) => record.Ramp.MarkOut(),
        static (record, now) => record.Ramp.Advance(now, duration: 20),
        static (record, now) => record.DrainReason = now % 2 == 0 ? null : $"drain {now}",
        static (record, now) => record.HasAnswered = now % 3 != 0,
        static (record, now) => record.IsSuspect = now % 2 == 0,
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_a_record_knows_follows_each_change_of_its_parts(int seed)
    {
        var random = new Random(seed);
        var record = new EndpointRecord();
        for (var now = 1L; now <= Steps; now++)
        {
            Changes[random.Next(Changes.Length)](record, now);

            Assert.Equal(record.Ejection.IsEjected, record.IsEjected);
            Assert.Equal(record.Rejection.IsActive, record.IsRejecting);
            Assert.Equal(record.Probes.HasPassed, record.HasPassedProbes);
            Assert.Equal(!record.Ramp.IsIdle, record.MayRamp);
            Assert.Equal(ExpectedHealth(record), record.Health);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_record_counts_as_shown_only_while_requests_see_its_state(int seed)
    {
        var random = new Random(seed);
        var record = new EndpointRecord();
        var state = record.CreateState(isAvailable: true);
        record.MarkShown(isAvailable: true);
        var hidden = 0;
        for (var now = 1L; now <= Steps; now++)
        {
            Changes[random.Next(Changes.Length)](record, now);
            var isAvailable = random.Next(2) == 0;

            Assert.True(!record.IsShown(isAvailable) || record.Matches(state, isAvailable), $"The change at {now} does not show.");
            if (!record.IsShown(isAvailable))
            {
                hidden++;
                state = record.CreateState(isAvailable);
                record.MarkShown(isAvailable);
            }

            Assert.True(record.IsShown(isAvailable));
        }

        Assert.InRange(hidden, Steps / 4, Steps);
    }

    private static EndpointHealth ExpectedHealth(EndpointRecord record) =>
        record.DrainReason is not null ? EndpointHealth.Draining :
        record.Probes.IsUnhealthy ? EndpointHealth.Unhealthy :
        record.Ejection.IsEjected || record.Rejection.IsActive ? EndpointHealth.Ejected :
        record.HasAnswered ? EndpointHealth.Healthy :
        EndpointHealth.Unknown;

    private static EjectionNotice Notice(long now) => new("a reason", DateTimeOffset.UnixEpoch.AddSeconds(now));
}
