using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClientSideLb.Tests.Functional;

/// <summary>Connections that are upgraded to another protocol than HTTP, by a minimal server.</summary>
public sealed class UpgradeTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Content-Length: 0\r\n")]
    public async Task An_upgraded_connection_is_read_and_written_and_counts_in_flight_to_its_end(string length)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, length);
        await using var client = BalancedClient.Of([new Uri($"http://{listener.LocalEndpoint}")]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("echo");

        using var response = await Eventually.Done(client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, response.StatusCode);
        var stream = await response.Content.ReadAsStreamAsync();
        foreach (var message in (string[])["hello", "world"])
        {
            await stream.WriteAsync(message);
            await stream.FlushAsync();
            var echo = new byte[message.Length];
            await Eventually.Done(stream.ReadExactlyAsync(echo).AsTask());

            Assert.Equal(message, Encoding.ASCII.GetString(echo));
            Assert.Equal(1, client.InFlight);
        }

        response.Dispose();
        Assert.Equal(0, client.InFlight);
        await Eventually.Done(serving);
    }

    private static async Task ServeAsync(TcpListener listener, string length)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        var stream = connection.GetStream();
        await stream.ReadUntilAsync("\r\n\r\n");
        await stream.WriteAsync($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n{length}\r\n");
        await stream.CopyToAsync(stream);
    }
}
