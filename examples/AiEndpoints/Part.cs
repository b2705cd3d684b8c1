namespace AiEndpoints;

/// <summary>One part of the example: a load, and whether rejected requests move.</summary>
/// <param name="Title">The title of the part.</param>
/// <param name="Quotas">The load, as a multiple of one deployment's quota.</param>
/// <param name="MoveRejected">Whether rejected requests move.</param>
internal sealed record Part(string Title, double Quotas, bool MoveRejected)
{
    internal static Part Without { get; } = new("Without MoveRejected", 2.5, MoveRejected: false);

    internal static Part With { get; } = new("With MoveRejected", 2.5, MoveRejected: true);

    internal static Part TooMuch { get; } = new("With MoveRejected, and more than all quotas", 4, MoveRejected: true);

    /// <summary>Gets a light load before the others, because the first requests compile code.</summary>
    internal static Part WarmUp { get; } = new("Warm-up", 0.5, MoveRejected: true);

    internal static IReadOnlyList<Part> All { get; } = [Without, With, TooMuch];

    /// <summary>Runs this part with deployments whose quotas are whole.</summary>
    internal async Task<PartResult> RunAsync(double minutes, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var service = await Service.StartAsync(time);
        using var client = new ChatClient(service.Deployments, MoveRejected, time);
        var load = new Load(client, Quotas * Service.TokensPerMinute / Service.Minute.TotalSeconds, Service.Minute * minutes, time);
        var answers = await load.RunAsync(cancellationToken);
        return new PartResult(this, answers, [.. service.Deployments.Select(static deployment => deployment.Tally)]);
    }
}
