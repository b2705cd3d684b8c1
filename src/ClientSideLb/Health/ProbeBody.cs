namespace ClientSideLb.Health;

/// <summary>Reads the body of the response to a probe.</summary>
internal static class ProbeBody
{
    /// <summary>
    /// Reads the body. It is read even if it is not needed, because the connection can be reused for the next probe only after that.
    /// </summary>
    /// <returns>The bytes, or <see langword="null"/> if there are <paramref name="limit"/> or more.</returns>
    internal static async ValueTask<byte[]?> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[limit];
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var read = await stream.ReadAtLeastAsync(buffer, limit, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return read < limit ? buffer[..read] : null;
        }
    }
}
