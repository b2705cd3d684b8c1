using System.Text;

namespace ClientSideLb.Tests.Functional;

/// <summary>Lets a test speak HTTP byte by byte, for behaviour that no real server has.</summary>
internal static class Wire
{
    /// <summary>Reads up to the end of a text, and nothing after it.</summary>
    internal static async Task ReadUntilAsync(this Stream stream, string end)
    {
        var received = new StringBuilder();
        var buffer = new byte[1];
        while (!received.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(buffer);
            received.Append((char)buffer[0]);
        }
    }

    internal static ValueTask WriteAsync(this Stream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text));
}
