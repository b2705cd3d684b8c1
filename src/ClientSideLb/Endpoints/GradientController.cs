namespace ClientSideLb.Endpoints;

/// <summary>
/// Computes how many requests may be in flight from how much slower answers are than without load. It is the gradient controller of Envoy's adaptive
/// concurrency filter, with Envoy's defaults.
/// </summary>
internal static class GradientController
{
    internal const double MaximumLimit = 1000;

    // Answers may be slower than without load by this part before the limit falls.
    private const double Buffer = 0.25;
    private const double LeastGradient = 0.5;
    private const double GreatestGradient = 2;

    /// <summary>Computes the next limit.</summary>
    /// <param name="limit">The present limit.</param>
    /// <param name="unloaded">The latency without load.</param>
    /// <param name="sample">The present latency.</param>
    internal static double GetNext(double limit, TimeSpan unloaded, TimeSpan sample)
    {
        var gradient = Math.Clamp(unloaded.Ticks * (1 + Buffer) / Math.Max(1, sample.Ticks), LeastGradient, GreatestGradient);
        var scaled = limit * gradient;

        // The square root lets the limit grow until answers become slower.
        return Math.Clamp(scaled + Math.Sqrt(scaled), 1, MaximumLimit);
    }
}
