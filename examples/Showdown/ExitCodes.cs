namespace Showdown;

internal static class ExitCodes
{
    internal const int Success = 0;
    internal const int Failed = 1;
    internal const int BadArguments = 2;

    // As in shells: 128 + SIGINT.
    internal const int Interrupted = 130;
}
