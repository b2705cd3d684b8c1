namespace ClientSideLb.Simulator.Tool;

/// <summary>What the tool tells the shell.</summary>
internal static class ExitCodes
{
    internal const int Success = 0;

    /// <summary>What was asked for cannot be done: an option or a scenario's file is wrong, or nothing can be written where it should.</summary>
    internal const int Usage = 1;

    /// <summary>The user stopped it (128 + SIGINT).</summary>
    internal const int Stopped = 130;
}
