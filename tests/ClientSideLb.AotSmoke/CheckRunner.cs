namespace ClientSideLb.AotSmoke;

/// <summary>Runs checks one after the other, one line each.</summary>
internal sealed class CheckRunner(TextWriter output)
{
    // Nothing here takes long; what hangs has failed.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private int _passed;
    private int _failed;

    internal async Task CheckAsync(string what, Func<Task> check)
    {
        try
        {
            await check().WaitAsync(Limit);
            _passed++;
            output.WriteLine($"ok   {what}");
        }
        catch (Exception e)
        {
            _failed++;
            output.WriteLine($"FAIL {what}");
            output.WriteLine($"     {e}");
        }
    }

    /// <summary>Writes the totals, and gives the exit code.</summary>
    internal int Finish()
    {
        output.WriteLine($"{_passed} passed, {_failed} failed");
        return _failed == 0 ? 0 : 1;
    }
}
