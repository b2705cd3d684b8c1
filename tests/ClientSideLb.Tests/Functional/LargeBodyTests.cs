using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Tests.Functional;

public sealed class LargeBodyTests
{
    private const long Length = 64 << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_upload_arrives_whole(bool chunked)
    {
        await using var backend = await Backend.StartAsync(static async context =>
        {
            var hash = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
            context.Response.Headers["X-Length"] = new StringValues($"{context.Request.ContentLength}");
            await context.Response.WriteAsync(Convert.ToHexString(hash));
        });
        await using var client = BalancedClient.Of(backend);
        using var content = new StreamContent(new PatternStream(Length));
        content.Headers.ContentLength = chunked ? null : Length;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await client.Http.SendAsync(request);

        Assert.Equal(await HashOfPatternAsync(), await response.Content.ReadAsStringAsync());
        Assert.Equal(chunked ? "" : $"{Length}", response.Headers.GetValues("X-Length").Single());
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_download_arrives_whole(bool chunked)
    {
        await using var backend = await Backend.StartAsync(async context =>
        {
            context.Response.ContentLength = chunked ? null : Length;
            await new PatternStream(Length).CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        await using var client = BalancedClient.Of(backend);

        using var response = await client.Http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(chunked ? null : Length, response.Content.Headers.ContentLength);
        var hash = await SHA256.HashDataAsync(await response.Content.ReadAsStreamAsync());

        Assert.Equal(await HashOfPatternAsync(), Convert.ToHexString(hash));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task An_upload_arrives_while_it_is_still_being_made()
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(async context =>
        {
            await context.Request.Body.ReadExactlyAsync(new byte[PatternStream.HoldAt], context.RequestAborted);
            gate.Open();
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        });
        await using var client = BalancedClient.Of(backend);
        using var content = new StreamContent(new PatternStream(2 * PatternStream.HoldAt, gate));

        using var response = await Eventually.Done(client.Http.PostAsync("/", content));

        response.EnsureSuccessStatusCode();
    }

    private static async Task<string> HashOfPatternAsync() => Convert.ToHexString(await SHA256.HashDataAsync(new PatternStream(Length)));
}
