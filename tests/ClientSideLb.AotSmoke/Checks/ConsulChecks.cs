using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientSideLb.AotSmoke.Checks;

internal static class ConsulChecks
{
    internal static async Task RunAsync(CheckRunner runner)
    {
        await runner.CheckAsync("instances are found in Consul", FindAsync);
        await runner.CheckAsync("options of Consul discovery are checked", ValidateAsync);
    }

    private static async Task FindAsync()
    {
        using var backends = new Backends(1);
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        _ = AnswerAsync(listener, backends[0].Address.Port);
        var services = new ServiceCollection();
        services.AddConsulDiscovery(options => options.Address = new Uri($"http://{listener.LocalEndpoint}"));
        services.AddHttpClient("api").AddLoadBalancing();
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        await client.GetStringAsync(new Uri("http://api/"));

        var endpoint = provider.GetRequiredService<IClusterRegistry>().Clusters.Single().Endpoints[0];
        Expect.Equal("1", backends.Requests);
        Expect.Equal(7, endpoint.Weight);
    }

    private static async Task ValidateAsync()
    {
        await using var provider = new ServiceCollection().AddConsulDiscovery(static options => options.Wait = TimeSpan.Zero).BuildServiceProvider();

        var refused = await Expect.ThrowsAsync<OptionsValidationException>(() => Task.FromResult(provider.GetRequiredService<IOptions<ConsulDiscoveryOptions>>().Value));

        Expect.Contains("Wait is 00:00:00; expected", refused.Message);
    }

    // Answers the first query of each connection, and holds the next one until the client is gone.
    private static async Task AnswerAsync(TcpListener listener, int port)
    {
        var body = $$$"""
            [{"Node":{"Address":"127.0.0.1","Meta":{"a":"b"}},"Service":{"ID":"api-1","Port":{{{port}}},"Weights":{"Passing":7,"Warning":1}},"Checks":[{"CheckID":"c","Status":"passing"}]}]
            """;
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII, leaveOpen: true);
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                }

                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 200 OK\r\nX-Consul-Index: 1\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
                while (await reader.ReadLineAsync() is not null)
                {
                }
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException or IOException)
        {
            // The check is over.
        }
    }
}
