using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Tests.Shared;

[assembly: AssemblyFixture(typeof(PrometheusServer))]

namespace ClientSideLb.Dashboards.Tests.Prometheus;

/// <summary>A running Prometheus with docs/alerts.yaml in <see cref="ShortTime"/>. All tests share it, and each has targets of its own.</summary>
public sealed class PrometheusServer : IAsyncLifetime
{
    private const int Starts = 5;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prometheus-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly JsonArray _targets = [];
    private Process? _process;
    private Uri? _address;

    private string TargetsFile => Path.Combine(_folder.FullName, "targets.json");

    public async ValueTask InitializeAsync()
    {
        if (PrometheusTools.AreMissing)
        {
            return;
        }

        var rules = Path.Combine(_folder.FullName, "alerts.yaml");
        await File.WriteAllTextAsync(rules, ShortTime.Shorten(await File.ReadAllTextAsync(RepositoryFiles.PathOf("docs", "alerts.yaml"))));
        await File.WriteAllTextAsync(TargetsFile, "[]");
        var configuration = Path.Combine(_folder.FullName, "prometheus.yaml");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
              evaluation_interval: 1s
            rule_files: ["{rules}"]
            scrape_configs:
              - job_name: shop
                file_sd_configs:
                  - files: ["{TargetsFile}"]
            """);

        // The free port may be taken before Prometheus listens there.
        for (var i = 1; !await TryStartAsync(configuration); i++)
        {
            Assert.True(i < Starts, "Prometheus does not start.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Lets Prometheus scrape an application.</summary>
    /// <param name="address">The address of the application, which has its metrics at <c>/metrics</c>.</param>
    /// <param name="job">The label by which a test tells its application from those of other tests.</param>
    internal void Scrape(Uri address, string job)
    {
        lock (_targets)
        {
            _targets.Add(new JsonObject { ["targets"] = new JsonArray(address.Authority), ["labels"] = new JsonObject { ["job"] = job } });
            Write();
        }
    }

    /// <summary>Ends the scrapes of an application, whose series end then.</summary>
    internal void Forget(string job)
    {
        lock (_targets)
        {
            _targets.RemoveAll(target => (string?)target!["labels"]!["job"] == job);
            Write();
        }
    }

    /// <summary>Gets the answer to a query at this moment.</summary>
    internal async Task<IReadOnlyList<Sample>> QueryAsync(string query)
    {
        using var response = await _http.PostAsync(new Uri(_address!, "api/v1/query"), new FormUrlEncodedContent([new("query", query)]));
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, $"{query}: {answer}");
        return
        [
            .. answer.GetProperty("data").GetProperty("result").EnumerateArray().Select(static series => new Sample(
                series.GetProperty("metric").EnumerateObject().ToDictionary(static label => label.Name, static label => label.Value.GetString()!),
                ToNumber(series.GetProperty("value")[1].GetString()!))),
        ];
    }

    private static double ToNumber(string value) => value switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(value, CultureInfo.InvariantCulture),
    };

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Prometheus reads the file whenever it changes. It must not find half of it.
    private void Write()
    {
        File.WriteAllText($"{TargetsFile}.new", _targets.ToJsonString());
        File.Move($"{TargetsFile}.new", TargetsFile, overwrite: true);
    }

    private async Task<bool> TryStartAsync(string configuration)
    {
        var address = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", FindFreePort()).Uri;
        var process = PrometheusTools.Start(
            $"--config.file={configuration}",
            $"--storage.tsdb.path={Path.Combine(_folder.FullName, $"data-{address.Port}")}",
            $"--web.listen-address={address.Authority}",
            "--log.level=warn");
        _process?.Dispose();
        _process = process;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.TrueAsync(async () => process.HasExited || await IsReadyAsync(address), static () => "Prometheus is ready");
        if (process.HasExited)
        {
            return false;
        }

        _address = address;
        return true;
    }

    private async Task<bool> IsReadyAsync(Uri address)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(address, "-/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
