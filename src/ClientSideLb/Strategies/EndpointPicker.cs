namespace ClientSideLb;

/// <summary>Picks an endpoint for each request, from the set it was made for.</summary>
/// <remarks>Picks come from many threads at once. A good picker takes no lock and allocates nothing.</remarks>
public abstract class EndpointPicker
{
    /// <summary>Picks an endpoint.</summary>
    /// <param name="context">What the pick may depend on.</param>
    /// <returns>
    /// An available endpoint that the context does not exclude, or <see langword="null"/> for none. One that is excluded, or no longer
    /// available, is overruled by the first endpoint that is neither.
    /// </returns>
    public abstract ClusterEndpoint? Pick(in PickContext context);
}
