using ClientSideLb.Requests;

namespace ClientSideLb.Health;

/// <summary>Says in the library's own words why a probe failed.</summary>
internal static class ProbeFailure
{
    /// <summary>Describes an exception by a few words and its error code, or by its type if it does not come from the network.</summary>
    internal static string Describe(Exception failure) => FailureText.Describe(failure, otherwise: "the probe failed");
}
