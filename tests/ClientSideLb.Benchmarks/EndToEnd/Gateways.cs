using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ClientSideLb.Benchmarks.EndToEnd.Children;
using ClientSideLb.Benchmarks.Reporting;

namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>
/// The gateways that a user would put between, each over the same backends, as its manual advises for speed: a worker for each core,
/// connections kept alive on both sides, no log of requests.
/// </summary>
internal static partial class Gateways
{
    internal const string Yarp = "YARP";
    internal const string Nginx = "nginx";
    internal const string HaProxy = "HAProxy";

    // Longer than any run: a connection that is opened anew is the price of an idle time that we chose, not of the gateway.
    private const string IdleTime = "1h";

    internal static Peer? NginxPeer { get; } = FindPeer(Nginx, "nginx");

    internal static Peer? HaProxyPeer { get; } = FindPeer(HaProxy, "haproxy");

    internal static Task<ChildProcess> StartYarpAsync(IEnumerable<Uri> backends, CancellationToken cancellationToken) =>
        ChildProcess.StartAsync(Yarp, ChildRoles.Yarp, backends.Select(static backend => backend.AbsoluteUri), cancellationToken);

    /// <summary>Starts nginx, whose default is round robin, with a folder where it may leave files.</summary>
    internal static async Task<ChildProcess> StartNginxAsync(IEnumerable<Uri> backends, string folder, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var config = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(
            config,
            $$"""
            daemon off;
            worker_processes {{Environment.ProcessorCount}};
            pid nginx.pid;
            error_log stderr error;
            events { worker_connections 4096; }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                keepalive_timeout {{IdleTime}};
                keepalive_requests 1000000000;
                upstream backends {
                    {{string.Concat(backends.Select(static backend => $"server {backend.Authority}; "))}}
                    keepalive 1024;
                    keepalive_timeout {{IdleTime}};
                    keepalive_requests 1000000000;
                }
                server {
                    listen 127.0.0.1:{{port}} reuseport;
                    location / {
                        proxy_pass http://backends;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                    }
                }
            }
            """,
            cancellationToken);
        return await KeepAsync(Nginx, port, [Tool.TryFind("nginx")!, "-p", folder, "-c", config, "-e", "stderr"], cancellationToken);
    }

    /// <summary>Starts HAProxy, with round robin, and a folder where it may leave files.</summary>
    internal static async Task<ChildProcess> StartHaProxyAsync(IEnumerable<Uri> backends, string folder, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var config = Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllTextAsync(
            config,
            $"""
            global
                nbthread {Environment.ProcessorCount}
                maxconn 4096
            defaults
                mode http
                option http-keep-alive
                http-reuse always
                timeout connect 5s
                timeout client {IdleTime}
                timeout server {IdleTime}
                timeout http-keep-alive {IdleTime}
            frontend gateway
                bind 127.0.0.1:{port}
                default_backend backends
            backend backends
                balance roundrobin
            {string.Concat(backends.Select(static (backend, i) => $"    server backend{i} {backend.Authority}\n"))}
            """,
            cancellationToken);
        return await KeepAsync(HaProxy, port, [Tool.TryFind("haproxy")!, "-q", "-db", "-f", config], cancellationToken);
    }

    private static Task<ChildProcess> KeepAsync(string name, int port, string[] command, CancellationToken cancellationToken) =>
        ChildProcess.StartAsync(name, ChildRoles.Keeper, [$"{port}", .. command], cancellationToken);

    private static Peer? FindPeer(string name, string program)
    {
        // Where its processes cannot be found, the processor time that it takes would be missing without a word.
        var path = OperatingSystem.IsLinux() ? Tool.TryFind(program) : null;
        return path is not null && Tool.TryRun(path, "-v") is { } text ? new Peer(name, Version().Match(text).Value) : null;
    }

    // They cannot say which port they took, and so are told. It is free at this moment; should another program take it, they do not start.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"\d+(\.\d+)+")]
    private static partial Regex Version();
}
