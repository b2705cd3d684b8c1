namespace GatewayContrast;

internal static class ExitCodes
{
    internal const int Success = 0;
    internal const int Failed = 1;
    internal const int BadArguments = 2;

    // 128 + SIGINT, as shells have it.
    internal const int Interrupted = 130;
}
