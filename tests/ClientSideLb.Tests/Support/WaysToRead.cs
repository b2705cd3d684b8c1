namespace ClientSideLb.Tests;

#pragma warning disable CA1835 // The overloads for arrays are to be tested, too.

/// <summary>Every way to read the content of a response to its end.</summary>
public static class WaysToRead
{
    private static readonly Dictionary<string, Func<HttpContent, Stream, Task>> WaysToCopy = new()
    {
        ["content: CopyTo"] = static (content, copy) =>
        {
            content.CopyTo(copy, context: null, CancellationToken.None);
            return Task.CompletedTask;
        },
        ["content: CopyToAsync"] = static (content, copy) => content.CopyToAsync(copy),
        ["stream: CopyTo"] = static async (content, copy) => (await content.ReadAsStreamAsync()).CopyTo(copy),
        ["stream: CopyToAsync"] = static async (content, copy) => await (await content.ReadAsStreamAsync()).CopyToAsync(copy),
    };

    private static readonly Dictionary<string, Func<HttpContent, Task<long>>> Ways = new()
    {
        ["content: ReadAsStringAsync"] = static async content => (await content.ReadAsStringAsync()).Length,
        ["content: ReadAsByteArrayAsync"] = static async content => (await content.ReadAsByteArrayAsync()).Length,
        ["content: LoadIntoBufferAsync"] = static async content =>
        {
            await content.LoadIntoBufferAsync();
            return content.Headers.ContentLength!.Value;
        },
        ["synchronous stream: Read into an array"] = static content => ReadAsync(content.ReadAsStream(), static (stream, buffer) => Task.FromResult(stream.Read(buffer, 0, buffer.Length))),
        ["stream: Read into a span"] = InParts(static (stream, buffer) => Task.FromResult(stream.Read(buffer.AsSpan()))),
        ["stream: Read into an array"] = InParts(static (stream, buffer) => Task.FromResult(stream.Read(buffer, 0, buffer.Length))),
        ["stream: ReadByte"] = InParts(static (stream, _) => Task.FromResult(stream.ReadByte() < 0 ? 0 : 1)),
        ["stream: ReadAsync into memory"] = InParts(static (stream, buffer) => stream.ReadAsync(buffer.AsMemory()).AsTask()),
        ["stream: ReadAsync into an array"] = InParts(static (stream, buffer) => stream.ReadAsync(buffer, 0, buffer.Length)),
        ["stream: BeginRead"] = InParts(static (stream, buffer) => Task.Factory.FromAsync(stream.BeginRead, stream.EndRead, buffer, 0, buffer.Length, state: null)),
        ["stream: ReadAtLeast"] = static async content =>
            (await content.ReadAsStreamAsync()).ReadAtLeast(new byte[1_000_000], 1_000_000, throwOnEndOfStream: false),
        ["stream: a reader"] = static async content => (await new StreamReader(await content.ReadAsStreamAsync()).ReadToEndAsync()).Length,
    };

    public static TheoryData<string> All => [.. WaysToCopy.Keys, .. Ways.Keys];

    /// <summary>Gets the ways that copy the content to a stream of the caller.</summary>
    internal static IReadOnlyCollection<string> Copies => WaysToCopy.Keys;

    /// <summary>Reads the content to its end, and gets how many bytes there were.</summary>
    internal static async Task<long> ReadToEndAsync(this HttpContent content, string way)
    {
        if (Ways.TryGetValue(way, out var read))
        {
            return await read(content);
        }

        using var copy = new MemoryStream();
        await content.CopyAsync(way, copy);
        return copy.Length;
    }

    /// <summary>Copies the content to a stream, in one of the <see cref="Copies"/>.</summary>
    internal static Task CopyAsync(this HttpContent content, string way, Stream destination) => WaysToCopy[way](content, destination);

    private static Func<HttpContent, Task<long>> InParts(Func<Stream, byte[], Task<int>> read) =>
        async content => await ReadAsync(await content.ReadAsStreamAsync(), read);

    private static async Task<long> ReadAsync(Stream stream, Func<Stream, byte[], Task<int>> read)
    {
        var buffer = new byte[1024];
        var total = 0L;
        while (await read(stream, buffer) is > 0 and var count)
        {
            total += count;
        }

        return total;
    }
}
