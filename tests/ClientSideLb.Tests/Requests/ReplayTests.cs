using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace ClientSideLb.Tests;

public sealed class ReplayTests
{
    private static readonly byte[] Bytes = [1, 2, 3];

    public static TheoryData<string, HttpContent?, bool> Contents => new()
    {
        { "none", null, true },
        { "bytes", new ByteArrayContent(Bytes), true },
        { "memory", new ReadOnlyMemoryContent(Bytes), true },
        { "string", new StringContent("text"), true },
        { "form", new FormUrlEncodedContent([new("a", "b")]), true },
        { "json", JsonContent.Create(new { a = 1 }), true },
        { "stream", new StreamContent(new MemoryStream(Bytes)), false },
        { "unknown", new OwnContent(), false },
        { "multipart of memory", new MultipartContent { new StringContent("a"), new ByteArrayContent(Bytes) }, true },
        { "form data of memory", new MultipartFormDataContent { { new StringContent("a"), "a" }, { JsonContent.Create(1), "b" } }, true },
        { "multipart of nothing", new MultipartContent(), true },
        { "multipart with a stream", new MultipartContent { new StringContent("a"), new StreamContent(new MemoryStream(Bytes)) }, false },
        { "multipart in multipart", new MultipartContent { new MultipartContent { new StringContent("a") } }, true },
        { "multipart with a stream inside", new MultipartContent { new MultipartContent { new StreamContent(Stream.Null) } }, false },
    };

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    [InlineData("OPTIONS", true)]
    [InlineData("TRACE", true)]
    [InlineData("get", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    [InlineData("CONNECT", false)]
    [InlineData("QUERY", false)]
    [InlineData("PURGE", false)]
    public void Only_idempotent_methods_are_replayed(string method, bool safe)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://api/");

        Assert.Equal(safe, Replay.IsSafe(request));
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public void A_put_of_content_made_from_memory_is_replayed_and_a_post_never_is(string what, HttpContent? content, bool safe)
    {
        Assert.NotEmpty(what);
        using var put = new HttpRequestMessage(HttpMethod.Put, "http://api/") { Content = content };
        using var post = new HttpRequestMessage(HttpMethod.Post, "http://api/") { Content = content };

        Assert.Equal((safe, false), (Replay.IsSafe(put), Replay.IsSafe(post)));
    }

    [Fact]
    public async Task Content_that_is_replayed_can_be_read_twice()
    {
        foreach (var row in Contents)
        {
            var (what, content, safe) = row.Data;
            if (safe && content is not null)
            {
                Assert.True(await ReadAsync(content) == await ReadAsync(content), what);
            }
        }
    }

    private static async Task<string> ReadAsync(HttpContent content)
    {
        using var stream = new MemoryStream();
        await content.CopyToAsync(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class OwnContent : HttpContent
    {
        public OwnContent() => Headers.ContentType = new MediaTypeHeaderValue("text/plain");

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }
    }
}
