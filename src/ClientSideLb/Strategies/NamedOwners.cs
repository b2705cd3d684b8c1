namespace ClientSideLb.Strategies;

/// <summary>
/// The endpoints that may own keys, which are those that have a weight. They are in the order of their names, so that a table of them does not depend
/// on the order in which a source lists them.
/// </summary>
/// <param name="Names">The names.</param>
/// <param name="Weights">The weight of each, above 0.</param>
/// <param name="Indexes">The index of each among all endpoints.</param>
internal sealed record NamedOwners(string[] Names, int[] Weights, int[] Indexes)
{
    internal static NamedOwners Of(ClusterEndpoint[] all)
    {
        int[] indexes = [.. Enumerable.Range(0, all.Length).Where(i => all[i].Weight > 0)];
        var names = Array.ConvertAll(indexes, i => all[i].HashName);
        Array.Sort(names, indexes, StringComparer.Ordinal);
        return new NamedOwners(names, Array.ConvertAll(indexes, i => all[i].Weight), indexes);
    }
}
