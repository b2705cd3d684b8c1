using ClientSideLb.Kubernetes.Tests.Server;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Functional;

public sealed class TlsTests
{
    [Fact]
    public async Task A_server_that_the_authority_of_the_cluster_vouches_for_is_trusted_and_spoken_to_by_http2()
    {
        using var authority = new Authority();
        await using var server = await ApiServer.StartNewAsync(authority.CreateServer());
        server.Token = "first";
        server.SetSlice("api-a", Pod("10.0.0.1"));
        await using var pod = new TestPod(server, authority: authority.Pem);
        await pod.HasAsync("http://10.0.0.1:8080");
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        server.SetSlice("api-a", Pod("10.0.0.2"));

        await pod.HasAsync("http://10.0.0.2:8080");
        Assert.All(server.Protocols, static protocol => Assert.Equal("HTTP/2", protocol));
    }

    [Fact]
    public async Task A_server_of_another_authority_gets_no_token()
    {
        using var authority = new Authority();
        using var other = new Authority();
        await using var server = await ApiServer.StartNewAsync(other.CreateServer());
        await using var pod = new TestPod(server, authority: authority.Pem);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => pod.AskAsync());

        Assert.Contains($"The connection to the API server at {server.Address.GetLeftPart(UriPartial.Authority)} failed", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_that_nobody_vouches_for_gets_no_token()
    {
        using var authority = new Authority();
        await using var server = await ApiServer.StartNewAsync(authority.CreateServer());
        await using var pod = new TestPod(server);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => pod.AskAsync());

        Assert.Contains($"The connection to the API server at {server.Address.GetLeftPart(UriPartial.Authority)} failed", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }
}
