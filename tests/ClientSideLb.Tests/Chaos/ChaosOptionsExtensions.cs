namespace ClientSideLb.Tests.Chaos;

internal static class ChaosOptionsExtensions
{
    /// <summary>Switches active checks on, often enough for a test.</summary>
    internal static void Probe(this LoadBalancingOptions options, bool enabled = true)
    {
        options.ActiveHealthCheck.Enabled = enabled;
        options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(200);
        options.ActiveHealthCheck.UnhealthyInterval = TimeSpan.FromMilliseconds(100);
        options.ActiveHealthCheck.Timeout = TimeSpan.FromMilliseconds(500);
    }
}
