using System.Net;
using System.Net.Http.Headers;
using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>
/// Sends the content of one attempt, and learns from it: the request has left this machine, the endpoint accepts bytes, or the caller's own stream has
/// failed.
/// </summary>
/// <param name="content">The caller's content.</param>
/// <param name="lease">The attempt's lease.</param>
internal sealed class Upload(HttpContent content, EndpointLease lease)
{
    // The operating system accepts content up to this size at once, so that nothing can be learned from it. Content in memory cannot fail either.
    private const int AcceptedAtOnce = 64 * 1024;

    internal HttpContent Content => content;

    /// <summary>Replaces the content of a request by one that observes how it is sent, unless nothing can be learned from that.</summary>
    internal static void Observe(HttpRequestMessage request, EndpointLease lease)
    {
        if (request.Content is not { } content || content is ISentContent || IsAcceptedAtOnce(content))
        {
            return;
        }

        var upload = new Upload(content, lease);
        request.Content = content is ByteArrayContent or ReadOnlyMemoryContent or StreamContent or MultipartContent
            ? new SentWholeContent(upload)
            : new SentContent(upload);
    }

    /// <summary>Gives the request the caller's content back.</summary>
    internal static void Restore(HttpRequestMessage request)
    {
        if (request.Content is ISentContent sent)
        {
            request.Content = sent.Content;
        }
    }

    internal void CopyHeaders(HttpContentHeaders headers)
    {
        foreach (var (name, values) in content.Headers.NonValidated)
        {
            headers.TryAddWithoutValidation(name, values);
        }
    }

    internal bool TryGetLength(out long length)
    {
        var known = content.Headers.ContentLength;
        length = known ?? 0;
        return known is not null;
    }

    internal void Send(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var destination = Begin(stream);
        try
        {
            content.CopyTo(destination, context, cancellationToken);
        }
        catch when (IsCallersFault(destination, cancellationToken))
        {
            lease.MarkCallersFault();
            throw;
        }
    }

    internal async Task SendAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var destination = Begin(stream);
        try
        {
            await content.CopyToAsync(destination, context, cancellationToken).ConfigureAwait(false);
        }
        catch when (IsCallersFault(destination, cancellationToken))
        {
            lease.MarkCallersFault();
            throw;
        }
    }

    private static bool IsCallersFault(UploadDestination destination, CancellationToken cancellationToken) =>
        !destination.HasFailed && !cancellationToken.IsCancellationRequested;

    private static bool IsAcceptedAtOnce(HttpContent content) =>
        content is ByteArrayContent or ReadOnlyMemoryContent && content.Headers.ContentLength <= AcceptedAtOnce;

    private UploadDestination Begin(Stream stream)
    {
        if (lease.MayBeQueued)
        {
            lease.LeaveQueue();
        }

        return new UploadDestination(stream, lease);
    }
}
