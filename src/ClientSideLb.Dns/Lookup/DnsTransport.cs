using System.Net.Sockets;
using ClientSideLb.Dns.Names;
using ClientSideLb.Dns.Telemetry;
using DnsClient;

namespace ClientSideLb.Dns.Lookup;

/// <summary>Sends queries to the DNS servers. Thread-safe. It does not throw, except when it is cancelled.</summary>
internal sealed class DnsTransport(DnsDiscoveryOptions options, DnsDiscoveryMetrics metrics)
{
    // The size that the operators of DNS agreed on in 2020: larger packets are fragmented on the way, and fragments get lost.
    private const int UdpSize = 1232;

    private volatile LookupClient? _client;

    internal async Task<DnsReply> QueryAsync(string name, QueryType type, CancellationToken cancellationToken)
    {
        metrics.RequestSent(type);
        string fault;
        string error;
        try
        {
            var client = _client ??= CreateClient();
            // With the dot the name is complete; no domain of the system is added to it.
            var response = await client.QueryAsync($"{name}.", type, QueryClass.IN, cancellationToken).ConfigureAwait(false);
            switch (response.Header.ResponseCode)
            {
                case DnsHeaderResponseCode.NoError when response.Header.ResultTruncated:
                    (fault, error) = ("the answer is truncated", "truncated");
                    break;
                case DnsHeaderResponseCode.NoError when response.Answers.Count > 0:
                    return new DnsReply(response.Answers, response.Additionals, null, null);
                case DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain:
                    return DnsReply.Missing(TimeToLive.OfMissing(response.Authorities));
                default:
                    (fault, error) = ($"the server {response.NameServer} answered {response.Header.ResponseCode}", GetErrorType(response.Header.ResponseCode));
                    break;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // DnsClient throws exceptions of many kinds for bytes that it cannot read.
            (fault, error) = Describe(e);
        }

        if (options.Servers.Count == 0)
        {
            // The servers of the system may have changed, for example with the network.
            _client = null;
        }

        metrics.Failed(error);
        return DnsReply.Failed(fault);
    }

    private LookupClient CreateClient()
    {
        var servers = options.Servers.Count > 0
            ? options.Servers.Select(static text => DnsServerAddress.TryParse(text, out var server) ? new NameServer(server) : null).OfType<NameServer>().ToArray()
            : [.. NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false)];
        if (servers.Length == 0)
        {
            throw new InvalidOperationException("the system has no DNS server; set Servers");
        }

        return new LookupClient(new LookupClientOptions(servers)
        {
            // DnsClient would listen to changes of the network for as long as the process lives.
            AutoResolveNameServers = false,
            UseCache = false,
            Timeout = options.QueryTimeout,
            Retries = 1,
            ThrowDnsErrors = false,
            ContinueOnDnsError = true,
            ContinueOnEmptyResponse = false,
            UseRandomNameServer = false,
            UseTcpFallback = true,
            ExtendedDnsBufferSize = UdpSize,
        });
    }

    private static string GetErrorType(DnsHeaderResponseCode code) => code switch
    {
        DnsHeaderResponseCode.ServerFailure => "server_failure",
        DnsHeaderResponseCode.Refused => "refused",
        DnsHeaderResponseCode.FormatError => "format_error",
        DnsHeaderResponseCode.NotImplemented => "not_implemented",
        _ => "other",
    };

    private static (string Fault, string Error) Describe(Exception exception) => exception switch
    {
        DnsResponseException { Code: DnsResponseCode.ConnectionTimeout } or TimeoutException or OperationCanceledException => ("no server answered in time", "timeout"),
        DnsResponseException { InnerException: SocketException socket } => ($"the servers cannot be reached: {socket.Message}", "unreachable"),
        SocketException socket => ($"the servers cannot be reached: {socket.Message}", "unreachable"),
        DnsResponseException when exception.Message.Contains("truncated", StringComparison.OrdinalIgnoreCase) => ("the answer is truncated, also over TCP", "truncated"),
        InvalidOperationException { Message: var message } when message.EndsWith("set Servers", StringComparison.Ordinal) => (message, "no_server"),

        // Its message has the bytes and the id of the query. A fault that lasts must have the same text each time, so that it is logged once.
        _ => ($"the answer cannot be read ({(exception.InnerException ?? exception).GetType().Name})", "malformed"),
    };
}
