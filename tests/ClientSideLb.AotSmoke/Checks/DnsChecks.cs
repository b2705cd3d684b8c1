using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientSideLb.AotSmoke.Checks;

internal static class DnsChecks
{
    internal static async Task RunAsync(CheckRunner runner)
    {
        await runner.CheckAsync("addresses are found by DNS", FindAsync);
        await runner.CheckAsync("options of DNS discovery are checked", ValidateAsync);
    }

    private static async Task FindAsync()
    {
        using var backends = new Backends(1);
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        _ = AnswerAsync(server);
        var services = new ServiceCollection();
        services.AddDnsDiscovery(options =>
        {
            options.Servers.Add(server.Client.LocalEndPoint!.ToString()!);
            options.AddressFamily = AddressFamily.InterNetwork;
        });
        services.AddHttpClient("api").AddLoadBalancing();
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        await client.GetStringAsync(new Uri($"http://api.example:{backends[0].Address.Port}/"));

        Expect.Equal("1", backends.Requests);
        Expect.Equal(backends[0].Address.Port, provider.GetRequiredService<IClusterRegistry>().Clusters.Single().Endpoints[0].Address.Port);
    }

    private static async Task ValidateAsync()
    {
        await using var provider = new ServiceCollection().AddDnsDiscovery(static options => options.Port = 0).BuildServiceProvider();

        var refused = await Expect.ThrowsAsync<OptionsValidationException>(() => Task.FromResult(provider.GetRequiredService<IOptions<DnsDiscoveryOptions>>().Value));

        Expect.Contains("Port is 0", refused.Message);
    }

    // Every name is 127.0.0.1. The answer is the question, with one record behind it that points at the name.
    private static async Task AnswerAsync(UdpClient server)
    {
        try
        {
            while (true)
            {
                var query = await server.ReceiveAsync();
                var question = query.Buffer.AsSpan(12);
                var length = question.IndexOf((byte)0) + 5;
                byte[] answer =
                [
                    query.Buffer[0], query.Buffer[1], 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. question[..length],
                    0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1,
                ];
                await server.SendAsync(answer, query.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
        }
    }
}
