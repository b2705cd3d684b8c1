namespace ClientSideLb.Tests;

public sealed class ProbeRecordTests
{
    [Fact]
    public void An_endpoint_that_was_never_probed_is_not_unhealthy() => Assert.False(new ProbeRecord().IsUnhealthy);

    [Theory]
    [InlineData("f", 1, 2, false)]
    [InlineData("ff", 1, 2, true)]
    [InlineData("fpf", 1, 2, false)]
    [InlineData("ffp", 1, 2, false)]
    [InlineData("ffp", 2, 2, true)]
    [InlineData("ffpfp", 2, 2, true)]
    [InlineData("ffpp", 2, 2, false)]
    [InlineData("ffppf", 2, 2, false)]
    [InlineData("f", 1, 1, true)]
    public void Health_changes_after_the_threshold_of_probes_in_a_row(string probes, int healthyThreshold, int unhealthyThreshold, bool unhealthy) =>
        Assert.Equal(unhealthy, After(probes.Select(static probe => probe == 'p'), healthyThreshold, unhealthyThreshold).IsUnhealthy);

    [Fact]
    public void The_latest_run_that_reached_its_threshold_decides()
    {
        foreach (var (healthy, unhealthy) in from rise in new[] { 1, 2, 3 } from fall in new[] { 1, 2, 3 } select (rise, fall))
        {
            foreach (var probes in Sequences.Of([true, false], length: 9))
            {
                Assert.True(
                    After(probes, healthy, unhealthy).IsUnhealthy == Expected(probes, healthy, unhealthy),
                    $"With a rise of {healthy} and a fall of {unhealthy}: {string.Concat(probes.Select(static passed => passed ? 'p' : 'f'))}");
            }
        }
    }

    [Fact]
    public void Clearing_forgets_all_probes()
    {
        var record = After([false, false], healthyThreshold: 3, unhealthyThreshold: 2);

        record.Clear();

        Assert.False(record.IsUnhealthy);
        record.Add("no answer", healthyThreshold: 3, unhealthyThreshold: 2);
        Assert.False(record.IsUnhealthy);
    }

    private static ProbeRecord After(IEnumerable<bool> probes, int healthyThreshold, int unhealthyThreshold)
    {
        var record = new ProbeRecord();
        foreach (var passed in probes)
        {
            record.Add(passed ? null : "no answer", healthyThreshold, unhealthyThreshold);
        }

        return record;
    }

    // Looks backwards from the end for the first run that reaches its threshold.
    private static bool Expected(bool[] probes, int healthyThreshold, int unhealthyThreshold)
    {
        for (var end = probes.Length; end > 0; end--)
        {
            if (end >= unhealthyThreshold && probes[(end - unhealthyThreshold)..end].All(static passed => !passed))
            {
                return true;
            }

            if (end >= healthyThreshold && probes[(end - healthyThreshold)..end].All(static passed => passed))
            {
                return false;
            }
        }

        return false;
    }
}
