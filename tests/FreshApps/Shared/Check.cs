namespace FreshApps;

/// <summary>What must hold. The application fails if it does not.</summary>
internal static class Check
{
    public static void Equal<T>(string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InvalidOperationException($"{what}: {actual} in place of {expected}");
        }

        Console.WriteLine($"{what}: {actual}");
    }

    /// <summary>Sends ten requests, stops a backend, and sends ten more.</summary>
    public static async Task OutlivesBackendAsync(string what, HttpClient client, Uri path, Backend[] backends)
    {
        Equal($"{what}, backends that answer", backends.Length, await CountAnsweringAsync(client, path));
        backends[0].Dispose();
        Equal($"{what}, backends that answer when one has stopped", backends.Length - 1, await CountAnsweringAsync(client, path));
    }

    private static async Task<int> CountAnsweringAsync(HttpClient client, Uri path)
    {
        var answers = new HashSet<string>();
        for (var number = 0; number < 10; number++)
        {
            answers.Add(await client.GetStringAsync(path));
        }

        return answers.Count;
    }
}
