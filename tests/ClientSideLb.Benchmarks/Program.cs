using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ClientSideLb.Benchmarks.Changing;
using ClientSideLb.Benchmarks.EndToEnd;
using ClientSideLb.Benchmarks.EndToEnd.Children;
using ClientSideLb.Benchmarks.EndToEnd.Heterogeneous;
using ClientSideLb.Benchmarks.Guarding;
using ClientSideLb.Benchmarks.Handling;
using ClientSideLb.Benchmarks.Picking;

switch (args.FirstOrDefault())
{
    case ChangeCommand.Name:
        return ChangeCommand.Run();
    case EndToEndCommand.Name:
        return await EndToEndCommand.RunAsync(args[1..]);
    case GuardCommand.Name:
        return GuardCommand.Run();
    case HandlerCommand.Name:
        return HandlerCommand.Run();
    case PickCommand.Name:
        return PickCommand.Run();
    case HeterogeneousCommand.Name:
        return await HeterogeneousCommand.RunAsync(args[1..]);
    case ChildRoles.Command:
        return await ChildRoles.RunAsync(args[1..]);
    default:
        // In this process, which has been restored and built already, and not in projects that are made for each run.
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return 0;
}
