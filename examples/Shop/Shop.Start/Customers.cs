using System.Text.RegularExpressions;

namespace Shop.Start;

/// <summary>Asks the shop for its products twenty times a second, and tells every ten seconds how that went.</summary>
internal sealed partial class Customers(Uri products)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, int> _answers = [];
    private int _failures;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var timer = new PeriodicTimer(Pause);
        var ticks = 0;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            _ = SendAsync(http, cancellationToken);
            if (++ticks % (int)(ReportInterval / Pause) == 0)
            {
                Report();
            }
        }
    }

    private async Task SendAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            var replica = ReplicaPattern().Match(await http.GetStringAsync(products, cancellationToken)).Groups[1].Value;
            lock (_lock)
            {
                _answers[replica] = _answers.GetValueOrDefault(replica) + 1;
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            Interlocked.Increment(ref _failures);
        }
    }

    private void Report()
    {
        string answers;
        int failures;
        lock (_lock)
        {
            answers = string.Join(", ", _answers.Select(static one => $"{one.Value} by replica {one.Key}"));
            _answers.Clear();
            failures = Interlocked.Exchange(ref _failures, 0);
        }

        Console.WriteLine($"customers: {(answers.Length > 0 ? answers : "no answers")}; {(failures == 0 ? "none" : failures)} failed");
    }

    [GeneratedRegex("""
        "replica":(\d+)
        """)]
    private static partial Regex ReplicaPattern();
}
