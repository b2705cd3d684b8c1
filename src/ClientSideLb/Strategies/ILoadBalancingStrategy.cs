namespace ClientSideLb;

/// <summary>A way to spread requests over endpoints: it makes a picker from each new set of them.</summary>
/// <remarks>
/// One instance serves every cluster that names it, from any thread, so it should hold no state of its own: what a pick needs
/// belongs into the picker.
/// </remarks>
public interface ILoadBalancingStrategy
{
    /// <summary>Gets the name by which <see cref="LoadBalancingOptions.Strategy"/> asks for this strategy; case does not matter.</summary>
    string Name { get; }

    /// <summary>
    /// Makes a picker for a set of endpoints. Called when membership, weights or availability change and never on a request's
    /// path, so whatever can be computed once is computed here.
    /// </summary>
    /// <param name="endpoints">The endpoints; at least one is available.</param>
    /// <returns>The picker that serves requests until the set changes again.</returns>
    EndpointPicker CreatePicker(EndpointSet endpoints);
}
