namespace ClientSideLb.Shared;

/// <summary>The source of random numbers for production code. All other code is given its source.</summary>
internal static class SharedRandom
{
#pragma warning disable RS0030
    internal static Random ThreadSafe => Random.Shared;
#pragma warning restore RS0030
}
