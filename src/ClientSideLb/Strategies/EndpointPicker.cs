namespace ClientSideLb;

/// <summary>Picks an endpoint for each request from the set that it was made for.</summary>
/// <remarks>Calls come from many threads at once. A good picker takes no lock and allocates nothing.</remarks>
public abstract class EndpointPicker
{
    private delegate void ResultHandler(in AttemptResult result);

    /// <summary>Picks an endpoint.</summary>
    /// <param name="context">What the pick may depend on.</param>
    /// <returns>
    /// An available endpoint that the context does not exclude, or <see langword="null"/> for none. If the endpoint is excluded or no
    /// longer available, the cluster takes the first endpoint that is neither in its place.
    /// </returns>
    public abstract ClusterEndpoint? Pick(in PickContext context);

    /// <summary>
    /// Learns from an attempt that has ended. It is called once for each attempt whose endpoint this picker chose, or a picker that it
    /// replaced, when the response's headers or an exception have come.
    /// </summary>
    /// <remarks>
    /// <para>The base method does nothing. Clusters do not call it, and read no clock for it, unless a picker overrides it.</para>
    /// <para>
    /// Pickers are replaced whenever the set changes. Keep what is learnt of an endpoint in <see cref="ClusterEndpoint.GetOrAddState"/>,
    /// where the next picker finds it.
    /// </para>
    /// <para>An exception is ignored: a strategy that fails to learn does not fail the request.</para>
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
