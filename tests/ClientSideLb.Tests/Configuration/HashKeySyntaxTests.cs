namespace ClientSideLb.Tests;

public sealed class HashKeySyntaxTests
{
    [Theory]
    [InlineData("header:X-User-Id", "Header", "X-User-Id")]
    [InlineData("Header: X-User-Id ", "Header", "X-User-Id")]
    [InlineData("query:user", "Query", "user")]
    [InlineData("query:a:b", "Query", "a:b")]
    [InlineData("QUERY:user id", "Query", "user id")]
    [InlineData("cookie:session", "Cookie", "session")]
    [InlineData("path", "Path", "")]
    [InlineData(" Path ", "Path", "")]
    [InlineData("client-ip", "ClientIp", "")]
    [InlineData("CLIENT-IP", "ClientIp", "")]
    public void The_name_of_a_part_of_the_request_is_a_valid_hash_key(string text, string kind, string name)
    {
        Assert.True(HashKeySyntax.TryParse(text, out var syntax));
        Assert.Equal((kind, name), (syntax.Kind.ToString(), syntax.Name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("header")]
    [InlineData("header:")]
    [InlineData("header: ")]
    [InlineData("header:X User")]
    [InlineData("header:X-Üser")]
    [InlineData("query")]
    [InlineData("query:")]
    [InlineData("cookie")]
    [InlineData("cookie:a;b")]
    [InlineData("cookie:a=b")]
    [InlineData("path:")]
    [InlineData("path:/x")]
    [InlineData("client-ip:4")]
    [InlineData("clientip")]
    [InlineData("body")]
    [InlineData("X-User-Id")]
    public void Any_other_hash_key_is_refused(string? text) => Assert.False(HashKeySyntax.TryParse(text, out _));
}
