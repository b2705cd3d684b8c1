namespace ClientSideLb.AotSmoke;

internal static class Expect
{
    internal static void Equal<T>(T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InvalidOperationException($"Expected '{expected}', but it is '{actual}'.");
        }
    }

    internal static void Contains(string expected, string actual)
    {
        if (!actual.Contains(expected, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Expected '{expected}' in '{actual}'.");
        }
    }

    internal static async Task<TException> ThrowsAsync<TException>(Func<Task> action)
        where TException : Exception
    {
        try
        {
            await action();
        }
        catch (TException e)
        {
            return e;
        }

        throw new InvalidOperationException($"Expected a {typeof(TException)}, but nothing was thrown.");
    }

    /// <summary>Waits for what happens soon but not at once.</summary>
    internal static async Task SoonAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(20);
        }
    }
}
