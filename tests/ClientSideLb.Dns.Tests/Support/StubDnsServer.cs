using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ClientSideLb.Dns.Tests.Support;

/// <summary>A DNS server whose faults a test scripts. It listens at UDP and TCP.</summary>
internal sealed class StubDnsServer : IAsyncDisposable
{
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops;

    internal StubDnsServer()
    {
        (_udp, _tcp) = Listen();
        Address = _udp.Client.LocalEndPoint!.ToString()!;
        _loops = [ServeUdpAsync(), ServeTcpAsync()];
    }

    internal string Address { get; }

    /// <summary>Gets or sets the bytes that answer a query; <see langword="null"/> leaves it without an answer.</summary>
    internal Func<DnsQuery, Task<byte[]?>> Reply { get; set; } = static query => Task.FromResult<byte[]?>(new DnsPacket { Code = 3 }.Write(query));

    internal ConcurrentQueue<DnsQuery> Queries { get; } = new();

    internal int Count(string name, int type) => Queries.Count(query => query.Name == name && query.Type == type);

    internal void Answer(Func<DnsQuery, DnsPacket> answer) => Reply = query => Task.FromResult<byte[]?>(answer(query).Write(query));

    /// <summary>Answers with the addresses of one name. All other names do not exist.</summary>
    internal void AnswerAddresses(string name, int ttl, params string[] addresses) => Answer(query =>
    {
        if (query.Name != name)
        {
            return new DnsPacket { Code = 3 };
        }

        var packet = new DnsPacket();
        foreach (var address in addresses.Where(address => address.Contains(':') == (query.Type == DnsPacket.Aaaa)))
        {
            packet.Address(name, address, ttl);
        }

        return packet;
    });

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await Task.WhenAll(_loops);
        _stopping.Dispose();
    }

    private static (UdpClient Udp, TcpListener Tcp) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new TcpListener((IPEndPoint)udp.Client.LocalEndPoint!);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException) when (attempt < 20)
            {
                // Another process has the port for TCP.
                udp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveAsync(_stopping.Token);
                _ = AnswerAsync(received);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
            }
        }

        async Task AnswerAsync(UdpReceiveResult received)
        {
            if (await GetReplyAsync(received.Buffer, isTcp: false) is { } reply)
            {
                try
                {
                    await _udp.SendAsync(reply, received.RemoteEndPoint);
                }
                catch (Exception e) when (e is ObjectDisposedException or SocketException)
                {
                }
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _tcp.AcceptTcpClientAsync(_stopping.Token);
                _ = ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
            }
        }

        async Task ServeAsync(TcpClient client)
        {
            using (client)
            {
                try
                {
                    var stream = client.GetStream();
                    var length = new byte[2];
                    while (true)
                    {
                        await stream.ReadExactlyAsync(length, _stopping.Token);
                        var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                        await stream.ReadExactlyAsync(query, _stopping.Token);
                        if (await GetReplyAsync(query, isTcp: true) is not { } reply)
                        {
                            return;
                        }

                        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)reply.Length);
                        await stream.WriteAsync((byte[])[.. length, .. reply], _stopping.Token);
                    }
                }
                catch (Exception e) when (e is OperationCanceledException or IOException)
                {
                }
            }
        }
    }

    private async Task<byte[]?> GetReplyAsync(byte[] bytes, bool isTcp)
    {
        var query = DnsQuery.Read(bytes, isTcp);
        Queries.Enqueue(query);
        return await Reply(query);
    }
}
