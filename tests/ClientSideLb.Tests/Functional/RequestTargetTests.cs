namespace ClientSideLb.Tests.Functional;

/// <summary>Path and query reach the backend byte for byte.</summary>
public sealed class RequestTargetTests
{
    public static TheoryData<string> Targets => new(
        "/",
        "/?",
        "/a?",
        "/a%2Fb",
        "/a%2fb",
        "/a%5Cb",
        "/a%20b",
        "/a+b?c+d=e%2Bf",
        "/%C3%BC?q=%C3%A9",
        "/a//b",
        "//a",
        "/a/.../b",
        "/.well-known/x",
        "/a;b=c,d=e",
        "/a:b@c",
        "/a'b(c)!*$",
        "/?a=b&a=c&&=",
        "/?q=a/b?c",
        "/?q=%00%25",
        "/~user");

    // Uri changes these forms when it parses them, unless the caller switches that off.
    public static TheoryData<string> UncanonicalTargets => new(
        "/a/../b",
        "/a/./b",
        "/..",
        "/a/%2E%2E/b",
        "/%41%7E",
        "/a\\b");

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task The_target_that_the_caller_wrote_is_the_one_that_arrives(string target) =>
        await AssertArrivesAsync(target, new Uri($"http://api{target}"), basePath: "");

    [Theory]
    [MemberData(nameof(UncanonicalTargets))]
    public async Task A_target_that_the_caller_protects_from_canonicalization_arrives_as_it_is(string target)
    {
        var asIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };

        await AssertArrivesAsync(target, new Uri($"http://api{target}", in asIs), basePath: "");
    }

    [Theory]
    [InlineData("base")]
    [InlineData("base/")]
    [InlineData("base/v1")]
    [InlineData("b%20a%2Fse/")]
    public async Task The_endpoints_base_path_goes_before_the_target(string basePath)
    {
        foreach (var target in (string[])["/", "/a%2Fb?c=%2F", "/a//b/"])
        {
            await AssertArrivesAsync($"/{basePath.TrimEnd('/')}{target}", new Uri($"http://api{target}"), basePath);
        }
    }

    [Fact]
    public async Task An_unescaped_target_arrives_escaped_as_without_a_balancer()
    {
        await AssertArrivesAsync("/%C3%BC%20x?q=%E2%82%AC", new Uri("http://api/ü x?q=€#fragment"), basePath: "");
    }

    [Fact]
    public async Task The_target_of_an_address_with_two_schemes_arrives_unchanged()
    {
        await AssertArrivesAsync("/a%2Fb//c?d=%2F+", new Uri("https+http://api/a%2Fb//c?d=%2F+"), basePath: "");
    }

    [Fact]
    public async Task Backends_at_two_base_paths_of_one_server_are_two_endpoints()
    {
        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Of(
            [new Uri(backend.Address, "blue"), new Uri(backend.Address, "green")],
            static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        await client.GetAsync(4, "/a");

        Assert.Equal(["/blue/a", "/blue/a", "/green/a", "/green/a"], backend.Received.Select(static request => request.Target).Order());
    }

    private static async Task AssertArrivesAsync(string expected, Uri address, string basePath)
    {
        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Of([new Uri(backend.Address, basePath)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        using var response = await client.Http.SendAsync(request);

        Assert.Equal(expected, Assert.Single(backend.Received).Target);
        Assert.Same(address, request.RequestUri);
        Assert.Same(address, response.RequestMessage!.RequestUri);
        Assert.Equal(new Uri(backend.Address, basePath), response.RequestMessage.GetEndpoint()!.Address);
    }
}
