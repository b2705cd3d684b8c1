using System.ComponentModel;
using System.Diagnostics;

namespace ClientSideLb.Benchmarks.Reporting;

/// <summary>Programs that the machine may have or not.</summary>
internal static class Tool
{
    // Debian has servers there, and the folder only on the path of root.
    private static readonly string[] SystemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>Finds a program, or gives <see langword="null"/> where it is not installed.</summary>
    internal static string? TryFind(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Concat(SystemFolders).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Runs a program, and gives what it prints, or <see langword="null"/> where it is not there or fails.</summary>
    internal static string? TryRun(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? (output + error.GetAwaiter().GetResult()).Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
