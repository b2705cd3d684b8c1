using System.Diagnostics;
using ClientSideLb.Kubernetes.Tests.Server;

namespace ClientSideLb.Kubernetes.Tests.Kubectl;

/// <summary>The real kubectl, as Debian's package <c>kubernetes-client</c> installs it, in front of the API server of the tests.</summary>
internal sealed class KubectlTool : IDisposable
{
    private static readonly string? Path = FindPath();
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("kubectl-");
    private readonly ApiServer _server;

    internal KubectlTool(ApiServer server)
    {
        Assert.SkipWhen(Path is null, "kubectl is not installed (apt-get install kubernetes-client).");
        _server = server;
    }

    /// <summary>Runs kubectl to its end, and gets what it writes.</summary>
    internal async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Eventually.Deadline * 2);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {await errors}");
            return await output;
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Starts kubectl.</summary>
    internal Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path!) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = _home.FullName;
        start.Environment["KUBECONFIG"] = System.IO.Path.Combine(_home.FullName, "none");
        foreach (var argument in (string[])[$"--server={_server.Address.AbsoluteUri}", "--token=first", "--namespace=shop", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    public void Dispose() => _home.Delete(recursive: true);

    private static string? FindPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Where(static folder => folder.Length > 0)
            .Select(static folder => System.IO.Path.Combine(folder, "kubectl"))
            .FirstOrDefault(File.Exists);
}
