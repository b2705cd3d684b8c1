using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ClientSideLb.Benchmarks;

/// <summary>Runs the benchmarks of BenchmarkDotNet. The other commands do without it, so that it is loaded only here.</summary>
internal static class DetailCommand
{
    internal static int Run(string[] args)
    {
        // In this process, which has been restored and built already, and not in projects that are made for each run.
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return ExitCodes.Success;
    }
}
