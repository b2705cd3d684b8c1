namespace ClientSideLb.AspNetCore.Status;

/// <summary>The status of one level of a cluster.</summary>
/// <param name="Priority">The priority of its endpoints. 0 is used first.</param>
/// <param name="IsLocal">Whether its endpoints are those in the client's zone.</param>
/// <param name="Count">The number of its endpoints.</param>
/// <param name="Available">The number of its available endpoints.</param>
/// <param name="Share">The part of the requests that it serves, from 0 to 1.</param>
internal sealed record LevelStatus(int Priority, bool IsLocal, int Count, int Available, double Share)
{
    internal static LevelStatus Of(ClusterLevel level) => new(level.Priority, level.IsLocal, level.Endpoints.Count, level.Available, level.Share);
}
