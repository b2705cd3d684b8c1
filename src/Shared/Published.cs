using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Shared;

/// <summary>A state that was the latest one when it was read. Thread-safe.</summary>
/// <param name="state">The state.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A token source without a timer holds nothing, and listeners may still register.")]
internal sealed class Published<TState>(TState state)
{
    private readonly CancellationTokenSource _changed = new();

    internal TState State { get; } = state;

    /// <summary>Gets a token that fires when there is a newer state.</summary>
    internal IChangeToken ChangeToken => new CancellationChangeToken(_changed.Token);

    internal void ReportChange()
    {
        try
        {
            _changed.Cancel();
        }
        catch (AggregateException)
        {
            // A listener that throws must not end the watch. The fault is its own, and there is no other place to report it to.
        }
    }
}
