using System.Diagnostics;

namespace ClientSideLb.Clusters;

/// <summary>Assertions about locks, for debug builds.</summary>
internal static class LockExtensions
{
    [Conditional("DEBUG")]
    internal static void AssertHeld(this Lock held) => Debug.Assert(held.IsHeldByCurrentThread, "The caller must hold the cluster's lock.");

    [Conditional("DEBUG")]
    internal static void AssertNotHeld(this Lock free) => Debug.Assert(!free.IsHeldByCurrentThread, "The caller must not hold the cluster's lock: it runs code of the application.");
}
