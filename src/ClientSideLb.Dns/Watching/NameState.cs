using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Dns.Lookup;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Dns.Watching;

/// <summary>What is known of a name, until the change token fires.</summary>
/// <param name="endpoints">The endpoints, in a fixed order.</param>
/// <param name="isKnown">Whether DNS knows the name.</param>
/// <param name="failure">Why nothing is known, or <see langword="null"/>.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A token source without a timer holds nothing, and listeners may still register.")]
internal sealed class NameState(IReadOnlyList<DnsEndpoint> endpoints, bool isKnown, string? failure)
{
    private readonly CancellationTokenSource _changed = new();

    internal IReadOnlyList<DnsEndpoint> Endpoints { get; } = endpoints;

    internal bool IsKnown { get; } = isKnown;

    internal string? Failure { get; } = failure;

    internal IChangeToken ChangeToken => new CancellationChangeToken(_changed.Token);

    internal bool IsSame(NameState other) =>
        IsKnown == other.IsKnown && Failure is null == other.Failure is null && Endpoints.SequenceEqual(other.Endpoints);

    /// <summary>Tells the listeners that there is a newer state.</summary>
    internal async Task ReportChangeAsync()
    {
        try
        {
            await _changed.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException)
        {
            // What a listener throws is not a fault of the lookup, and the next lookup must take place.
        }
    }
}
