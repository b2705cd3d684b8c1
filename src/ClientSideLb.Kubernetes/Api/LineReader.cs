using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ClientSideLb.Kubernetes.Api;

/// <summary>Splits a stream into lines of a limited length.</summary>
internal static class LineReader
{
    /// <summary>Reads lines until the stream ends. Each is only valid until the next one is asked for.</summary>
    /// <exception cref="FormatException">A line is too long, or the stream ends within a line.</exception>
    internal static async IAsyncEnumerable<ReadOnlySequence<byte>> ReadAsync(
        Stream stream, int longestLine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    var line = rest.Slice(0, end);
                    rest = rest.Slice(rest.GetPosition(1, end));
                    if (!line.IsEmpty)
                    {
                        yield return line;
                    }
                }

                if (rest.Length > longestLine)
                {
                    throw new FormatException($"A line is longer than {longestLine} bytes.");
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    if (!rest.IsEmpty)
                    {
                        throw new FormatException("The last line is cut off.");
                    }

                    yield break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }
}
