using ClientSideLb.Benchmarks.EndToEnd.Children;
using ClientSideLb.Benchmarks.Reporting;

namespace ClientSideLb.Benchmarks.EndToEnd.Heterogeneous;

/// <summary>How well each strategy copes with a backend that is not like the others, and with requests that are not alike.</summary>
internal static class HeterogeneousCommand
{
    internal const string Name = "heterogeneous";

    private static readonly LoadOptions Defaults = new(
        Rounds: 10, Turn: TimeSpan.FromSeconds(2), Concurrency: [32], Cases: [.. Cases.All.Select(static each => each.Name)]);

    internal static Task<int> RunAsync(string[] args) => LoadCommand.RunAsync(args, Defaults, MeasureAsync);

    private static async Task<bool> MeasureAsync(LoadOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        Console.WriteLine(RunHeader.Describe(new[] { Gateways.NginxPeer }.OfType<Peer>()));
        var allAnswered = true;
        foreach (var name in options.Cases)
        {
            var measured = Cases.All.Single(each => each.Name == name);
            var results = await MeasureAsync(measured, options, progress, cancellationToken);
            new CaseReport(measured, options, Console.Out).Write(results);
            allAnswered &= results.All(static result => result.AllAnswered);
        }

        return allAnswered;
    }

    private static async Task<IReadOnlyList<LoadResult>> MeasureAsync(
        Case measured, LoadOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        using var backends = await ChildProcess.StartAsync("The backends' process", ChildRoles.Backends, measured.BackendArguments, cancellationToken);
        using var nginx = measured.HasGateway && Gateways.NginxPeer is not null
            ? await Gateways.StartNginxAsync(backends.Addresses, folder.Path, cancellationToken)
            : null;

        using var clients = new Clients(backends.Addresses);
        var targets = new CaseTargets(measured, backends, clients, options.Turn).Create(nginx);
        return await Load.MeasureAsync(backends, targets, options, progress, cancellationToken);
    }
}
