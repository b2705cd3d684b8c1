using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace ClientSideLb.AspNetCore.Tests;

/// <summary>Runs examples/Dashboard as a user does.</summary>
public sealed class DashboardTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_dashboard_serves_five_busy_backends_until_it_is_interrupted_and_leaves_no_files()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Dashboard.dll"));
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        var home = Directory.CreateTempSubdirectory();
        start.Environment["HOME"] = home.FullName;
        var printed = new List<string>();
        using var dashboard = Process.Start(start)!;
        try
        {
            var page = await ReadAddressAsync(dashboard, printed);
            var rest = dashboard.StandardOutput.ReadToEndAsync();
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

            Assert.Contains("<title>Load balancing</title>", await http.GetStringAsync(page), StringComparison.Ordinal);
            await Eventually.TrueAsync(async () => await CountBusyEndpointsAsync(http, page) == 5, "all five backends get requests");

            // The signal that Ctrl+C sends.
            using var interrupt = Process.Start("kill", ["-INT", $"{dashboard.Id}"]);
            await dashboard.WaitForExitAsync().WaitAsync(Eventually.Deadline);
            printed.Add(await rest);
            output.WriteLine(string.Join('\n', printed));
            Assert.Equal(0, dashboard.ExitCode);

            // It prints only the balancer's log lines and its own, and stores no data protection key.
            Assert.All(printed, static line => Assert.DoesNotContain("Microsoft", line, StringComparison.Ordinal));
            Assert.Empty(Directory.EnumerateFiles(home.FullName, "*.xml", SearchOption.AllDirectories));
        }
        finally
        {
            dashboard.Kill();
            home.Delete(recursive: true);
        }
    }

    private static async Task<Uri> ReadAddressAsync(Process dashboard, List<string> printed)
    {
        while (await dashboard.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Deadline) is { } line)
        {
            printed.Add(line);
            if (line.StartsWith("Open ", StringComparison.Ordinal))
            {
                return new Uri(line[5..]);
            }
        }

        throw new InvalidOperationException("The dashboard ended before it printed an address.");
    }

    private static async Task<int> CountBusyEndpointsAsync(HttpClient http, Uri page)
    {
        var status = await http.GetFromJsonAsync<JsonElement>($"{page}/clusters");
        return status.GetProperty("clusters").EnumerateArray()
            .SelectMany(static cluster => cluster.GetProperty("endpoints").EnumerateArray())
            .Count(static endpoint => endpoint.GetProperty("requestsPerSecond").GetDouble() > 0);
    }
}
