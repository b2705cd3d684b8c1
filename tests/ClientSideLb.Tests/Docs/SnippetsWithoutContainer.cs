using ClientSideLb.Tests.Functional.Grpc;
using Grpc.Net.Client;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/without-a-container.md.</summary>
internal static class SnippetsWithoutContainer
{
    internal static async Task ClientAsync()
    {
        using var http = BalancedHttpHandler.CreateClient("orders", options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1:8080") });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.2:8080") });
        });

        Console.WriteLine(await http.GetStringAsync("list"));
    }

    internal static async Task GrpcAsync(Action<LoadBalancingOptions> configure)
    {
        await using var handler = new BalancedHttpHandler("echo", configure);
        using var channel = GrpcChannel.ForAddress("http://echo", new GrpcChannelOptions { HttpHandler = handler });

        var client = new Echo.EchoClient(channel);
        Console.WriteLine(await client.OnceAsync(new EchoMessage { Text = "hello" }));
    }

    internal static async Task StubAsync()
    {
        using var backend = new StubBackend();
        using var http = BalancedHttpHandler.CreateClient(
            "orders",
            options => options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1") }),
            primaryHandler: backend);

        await http.GetAsync("list");

        Assert.Equal(new Uri("http://10.0.0.1/list"), Assert.Single(backend.Addresses));
    }
}
