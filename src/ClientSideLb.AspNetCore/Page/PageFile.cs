using System.Globalization;
using System.IO.Hashing;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ClientSideLb.AspNetCore.Page;

/// <summary>A file of the page, embedded in this assembly.</summary>
internal sealed class PageFile
{
    private readonly string _contentType;
    private readonly string _text;

    private PageFile(string text, string contentType)
    {
        _text = text;
        _contentType = contentType;
    }

    internal static PageFile Load(string name, string contentType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"'{name}' is not embedded in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new PageFile(reader.ReadToEnd(), contentType);
    }

    /// <summary>Creates a copy of the file in which a value replaces a placeholder.</summary>
    internal PageFile ReplacePlaceholder(string placeholder, string value) => new(_text.Replace(placeholder, value, StringComparison.Ordinal), _contentType);

    /// <summary>Sends the file, or 304 (Not Modified) if the browser has this version already.</summary>
    internal Task ServeAsync(HttpContext context)
    {
        var body = Encoding.UTF8.GetBytes(_text);
        var tag = new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{XxHash64.HashToUInt64(body):x16}\""));
        var headers = context.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = _contentType;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
