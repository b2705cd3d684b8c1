namespace ClientSideLb;

/// <summary>Picks an endpoint for each request from the set of endpoints that the picker was made for.</summary>
/// <remarks>Many threads call a picker at the same time. A good picker takes no lock and allocates nothing.</remarks>
public abstract class EndpointPicker
{
    private delegate void ResultHandler(in AttemptResult result);

    /// <summary>Picks an endpoint.</summary>
    /// <param name="context">The data that the pick may use.</param>
    /// <returns>
    /// An available endpoint that the context does not exclude, or <see langword="null"/> if there is none. If the endpoint is excluded or
    /// no longer available, the cluster uses the first available endpoint that is not excluded instead.
    /// </returns>
    public abstract ClusterEndpoint? Pick(in PickContext context);

    /// <summary>
    /// Learns from the result of an attempt. The cluster calls it once for each attempt whose endpoint was chosen by this picker or by a
    /// picker that it replaced, as soon as the response's headers or an exception arrive.
    /// </summary>
    /// <remarks>
    /// <para>The base method does nothing. A cluster calls it, and reads the clock for it, only if the picker overrides it.</para>
    /// <para>
    /// A new picker replaces this one whenever the set changes. Keep learnt data in <see cref="ClusterEndpoint.GetOrAddState"/>, where
    /// the next picker finds it.
    /// </para>
    /// <para>The cluster ignores exceptions: a strategy that fails to learn must not fail the request.</para>
    /// </remarks>
    /// <param name="result">How the attempt ended.</param>
    public virtual void OnAttemptEnded(in AttemptResult result)
    {
    }

    /// <summary>
    /// Gets the latency that the picker takes an endpoint to have, for metrics and for people who ask why an endpoint gets less than another one.
    /// No request reads it.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The base method returns <see langword="null"/>. A picker that compares latencies overrides it, and returns the value that a pick at that time
    /// would use.
    /// </para>
    /// <para>
    /// Any thread may call it, while others pick and learn. It must not change what the picker knows. If it throws, the endpoint is shown without an
    /// estimate.
    /// </para>
    /// </remarks>
    /// <param name="endpoint">An endpoint of the cluster. It need not be available, and the picker may never have picked it.</param>
    /// <param name="now">The time, on the clock of <see cref="PickContext.Now"/> and <see cref="AttemptResult.EndedAt"/>.</param>
    /// <returns>The estimate, or <see langword="null"/> if the picker has none for this endpoint.</returns>
    public virtual TimeSpan? GetLatencyEstimate(ClusterEndpoint endpoint, TimeSpan now) => null;

    /// <summary>Tells whether the picker overrides <see cref="OnAttemptEnded"/>.</summary>
    internal bool ObservesResults()
    {
        ResultHandler handler = OnAttemptEnded;
        return handler.Method.DeclaringType != typeof(EndpointPicker);
    }
}
