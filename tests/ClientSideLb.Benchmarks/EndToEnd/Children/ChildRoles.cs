using System.Runtime.InteropServices;
using System.Text.Json;

namespace ClientSideLb.Benchmarks.EndToEnd.Children;

/// <summary>
/// What this program does as a child of itself: nothing that is measured may share a garbage collector or a thread pool with the load.
/// </summary>
internal static class ChildRoles
{
    /// <summary>The command that makes this program a child.</summary>
    internal const string Command = "child";

    internal const string Backends = "backends";
    internal const string Yarp = "yarp";
    internal const string Keeper = "keeper";

    /// <summary>Plays a role until standard input ends, which it does whatever becomes of the parent.</summary>
    internal static async Task<int> RunAsync(string[] args)
    {
        // A terminal sends Ctrl+C to all at once. It is for the parent to say what that means.
        using var ignored = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        var (role, rest) = (args[0], args[1..]);
        await using IAsyncDisposable server = role switch
        {
            Backends => await BackendServer.StartAsync(rest, Announce),
            Yarp => await YarpServer.StartAsync(rest, Announce),
            Keeper => await KeptProcess.StartAsync(rest, Announce),
            _ => throw new ArgumentOutOfRangeException(nameof(args), role, "is no role."),
        };

        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null);
        return ExitCodes.Success;
    }

    private static void Announce(Announcement announcement) => Console.WriteLine(JsonSerializer.Serialize(announcement));
}
