namespace ClientSideLb;

/// <summary>A way to spread requests over endpoints. It makes a picker for each new set of endpoints.</summary>
/// <remarks>
/// One instance serves every cluster that uses the strategy, and any thread may call it. So a strategy should hold no state: the data of
/// a pick belongs in the picker.
/// </remarks>
public interface ILoadBalancingStrategy
{
    /// <summary>Gets the strategy's name for <see cref="LoadBalancingOptions.Strategy"/>. Case does not matter.</summary>
    string Name { get; }

    /// <summary>
    /// Gets a value indicating whether requests with an equal key or caller go to the same endpoint. The trial request of an ejected endpoint is
    /// then one that the endpoint owns.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    bool IsKeyed => false;

    /// <summary>
    /// Makes a picker for a set of endpoints. The cluster calls it when membership, weights or availability change, and never on a
    /// request's path. So compute here everything that can be computed once.
    /// </summary>
    /// <param name="endpoints">The endpoints; at least one is available.</param>
    /// <returns>The picker that serves requests until the set changes again.</returns>
    EndpointPicker CreatePicker(EndpointSet endpoints);
}
