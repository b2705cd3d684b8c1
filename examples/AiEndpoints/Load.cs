namespace AiEndpoints;

/// <summary>
/// Sends chats at a rate of tokens. On a machine that is too slow for the rate it sends fewer, and never more later on to make up for it: the
/// quotas are counted by the same clock, and must not see more than the rate.
/// </summary>
internal sealed class Load(ChatClient client, double tokensPerSecond, TimeSpan duration, TimeProvider time)
{
    // Requests that no deployment has counted yet could all be counted in its next minute.
    private const int MostWaiting = 32;

    private static readonly TimeSpan LongestLag = TimeSpan.FromMilliseconds(50);

    private int _waiting;

    internal async Task<IReadOnlyList<Answer>> RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var due = TimeSpan.Zero;
        var sending = new List<Task<Answer>>();
        for (var id = 0; ; id++)
        {
            var pause = due - time.GetElapsedTime(started);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, cancellationToken);
            }

            var now = time.GetElapsedTime(started);
            if (now >= duration)
            {
                return await Task.WhenAll(sending).WaitAsync(cancellationToken);
            }

            var chat = Chat.Create(id);
            if (Volatile.Read(ref _waiting) < MostWaiting)
            {
                Interlocked.Increment(ref _waiting);
                sending.Add(client.SendAsync(chat, () => Interlocked.Decrement(ref _waiting), cancellationToken));
            }

            var earliest = now - LongestLag;
            due = (due > earliest ? due : earliest) + TimeSpan.FromSeconds(chat.Cost / tokensPerSecond);
        }
    }
}
