using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>The change of an endpoint's ejection by a result.</summary>
/// <param name="Reason">Why the endpoint was ejected, or ejected again. <see langword="null"/> if it was not ejected.</param>
/// <param name="Duration">The length of the ejection.</param>
/// <param name="HasReturned">Whether the ejection ended.</param>
internal readonly record struct EjectionChange(EjectionReason? Reason, TimeSpan Duration, bool HasReturned)
{
    internal static readonly EjectionChange None;

    internal static readonly EjectionChange Returned = new(Reason: null, TimeSpan.Zero, HasReturned: true);

    internal static EjectionChange Ejected(EjectionReason reason, TimeSpan duration) => new(reason, duration, HasReturned: false);
}
