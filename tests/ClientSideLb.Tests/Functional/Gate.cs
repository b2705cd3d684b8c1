using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Tests.Functional;

/// <summary>Holds requests at a backend until the test opens it.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets a task that ends when the first request is at the gate.</summary>
    internal Task Arrived => Eventually.Done(_arrived.Task);

    internal bool Opened => _opened.Task.IsCompleted;

    internal void Open() => _opened.TrySetResult();

    internal Task HoldAsync(HttpContext context) => HoldAsync(context.RequestAborted);

    internal async Task HoldAsync(CancellationToken cancellationToken)
    {
        _arrived.TrySetResult();
        await _opened.Task.WaitAsync(cancellationToken);
    }
}
