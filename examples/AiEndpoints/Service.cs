namespace AiEndpoints;

/// <summary>The deployments of one model, each a server of its own in this process.</summary>
internal sealed class Service : IAsyncDisposable
{
    /// <summary>The quota of each deployment.</summary>
    internal const int TokensPerMinute = 60_000;

    private Service(IReadOnlyList<Deployment> deployments) => Deployments = deployments;

    /// <summary>Gets how long a minute lasts, so that nobody has to wait for real ones.</summary>
    internal static TimeSpan Minute { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets the name of each deployment: the region that it is in.</summary>
    internal static IReadOnlyList<string> Names { get; } = ["near", "far", "farther"];

    internal IReadOnlyList<Deployment> Deployments { get; }

    internal static async Task<Service> StartAsync(TimeProvider time)
    {
        var deployments = new List<Deployment>();
        for (var i = 0; i < Names.Count; i++)
        {
            // The minutes of different deployments begin at different moments.
            var quota = new Quota(TokensPerMinute, Minute, Minute * i / Names.Count, time);
            deployments.Add(await Deployment.StartAsync(Names[i], TimeSpan.FromMilliseconds(20 + (50 * i)), quota, time));
        }

        return new Service(deployments);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var deployment in Deployments)
        {
            await deployment.DisposeAsync();
        }
    }
}
