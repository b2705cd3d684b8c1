using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ClientSideLb.Benchmarks.Changing;
using ClientSideLb.Benchmarks.Guarding;

switch (args)
{
    case ["change"]:
        ChangeTable.Print(Console.Out);
        return 0;
    case ["guard"]:
        return Guard.Run(AllocationBounds.All.Concat(RatioBounds.All), Console.Out);
    default:
        // In this process, which has been restored and built already, and not in projects that are made for each run.
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return 0;
}
