namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>One line at the terminal that says how far it is, apart from the tables, which may go to a file.</summary>
internal sealed class ConsoleProgress : IProgress<string>, IDisposable
{
    private int _width;

    public void Report(string value)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{value.PadRight(_width)}");
            _width = value.Length;
        }
    }

    public void Dispose()
    {
        Report("");
        Report("");
    }
}
