using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Changing;

/// <summary>Changes of one cluster's kind and size, to be measured side by side.</summary>
internal sealed class ChangeContenders : IDisposable
{
    private readonly List<ChangingCluster> _clusters = [];

    /// <summary>Makes a contender that changes the cluster twice each time it is told to: there and back.</summary>
    internal Contender Create(string strategy, int endpoints, Change change, int levels = 1)
    {
        var cluster = new ChangingCluster(strategy, endpoints, change, levels);
        _clusters.Add(cluster);
        return new Contender($"{strategy} {endpoints} {change} {levels}", count =>
        {
            for (var i = 0; i < count; i++)
            {
                cluster.ThereAndBack();
            }
        });
    }

    public void Dispose() => _clusters.ForEach(static cluster => cluster.Dispose());
}
