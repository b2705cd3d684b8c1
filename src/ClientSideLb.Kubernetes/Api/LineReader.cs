using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ClientSideLb.Kubernetes.Api;

/// <summary>Splits a stream into lines of a limited length.</summary>
internal static class LineReader
{
    private const int BufferSize = 16 * 1024;

    /// <summary>Reads lines until the stream ends. Each is only valid until the next one is asked for.</summary>
    /// <exception cref="FormatException">A line is too long, or the stream ends within a line.</exception>
    internal static async IAsyncEnumerable<ReadOnlySequence<byte>> ReadAsync(
        Stream stream, int longestLine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferSize));

        // A line that comes in many pieces is searched once, and not again from its start with each piece.
        var searched = 0L;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var rest = read.Buffer;
                while (rest.Slice(searched).PositionOf((byte)'\n') is { } end)
                {
                    var line = rest.Slice(0, end);
                    rest = rest.Slice(rest.GetPosition(1, end));
                    searched = 0;
                    if (!line.IsEmpty)
                    {
                        yield return line;
                    }
                }

                if (rest.Length > longestLine)
                {
                    throw new FormatException($"A line is longer than {longestLine} bytes.");
                }

                searched = rest.Length;
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
