namespace ClientSideLb.Clusters;

/// <summary>Notices when the levels of a cluster get other shares of the requests. Only the cluster's writer may use it.</summary>
internal sealed class LevelWatch
{
    // The share of each level, or null while the first one serves everything, as it usually does.
    private (int Priority, bool IsLocal, double Share)[]? _served;

    /// <summary>Compares the shares with those of the call before.</summary>
    /// <param name="view">The latest view. The states of its endpoints are published.</param>
    /// <returns>The levels, if their shares have changed; otherwise <see langword="null"/>.</returns>
    internal ClusterLevel[]? FindChange(ClusterView view)
    {
        if (!view.HasLevels && _served is null)
        {
            return null;
        }

        var levels = view.DescribeLevels();
        var before = _served;
        _served = levels is [{ Share: < 1 }, ..] ? [.. levels.Where(static level => level.Share > 0).Select(static level => (level.Priority, level.IsLocal, level.Share))] : null;
        var isSame = before is null || _served is null ? ReferenceEquals(before, _served) : before.AsSpan().SequenceEqual(_served);
        return isSame || levels.Length == 0 ? null : levels;
    }
}
