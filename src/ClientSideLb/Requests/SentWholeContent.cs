using System.Net;

namespace ClientSideLb.Requests;

/// <summary>
/// A request's content that is sent whole before the response is returned, so that the caller can then dispose what it reads from. The primary handler
/// sends it in place of the caller's, and recognises such content by its base type.
/// </summary>
internal sealed class SentWholeContent : StreamContent, ISentContent
{
    private readonly Upload _upload;

    internal SentWholeContent(Upload upload)
        : base(Stream.Null)
    {
        _upload = upload;
        upload.CopyHeaders(Headers);
    }

    public HttpContent Content => _upload.Content;

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _upload.Send(stream, context, cancellationToken);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        _upload.SendAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _upload.SendAsync(stream, context, cancellationToken);

    protected override bool TryComputeLength(out long length) => _upload.TryGetLength(out length);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _upload.Content.Dispose();
        }

        base.Dispose(disposing);
    }
}
