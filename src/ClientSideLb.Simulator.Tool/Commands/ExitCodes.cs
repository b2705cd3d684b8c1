namespace ClientSideLb.Simulator.Tool;

/// <summary>The exit codes of the tool.</summary>
internal static class ExitCodes
{
    internal const int Success = 0;

    /// <summary>An option or a scenario's file is wrong, or the results cannot be written to the given folder.</summary>
    internal const int Usage = 1;

    /// <summary>The user stopped the run. As in shells, the code is 128 + SIGINT.</summary>
    internal const int Stopped = 130;
}
