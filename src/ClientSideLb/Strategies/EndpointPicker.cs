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

    /// <summary>Tells whether the picker overrides <see cref="OnAttemptEnded"/>.</summary>
    internal bool ObservesResults()
    {
        ResultHandler handler = OnAttemptEnded;
        return handler.Method.DeclaringType != typeof(EndpointPicker);
    }
}
