using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace ClientSideLb.AspNetCore.Tests;

/// <summary>examples/Dashboard, run as a user does.</summary>
public sealed class DashboardTests(ITestOutputHelper output)
{
    [Fact]
    public async Task It_prints_an_address_serves_the_page_of_five_backends_under_load_stops_when_told_to_and_leaves_nothing_behind()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Dashboard.dll"));
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        var home = Directory.CreateTempSubdirectory();
        start.Environment["HOME"] = home.FullName;
        var told = new List<string>();
        using var dashboard = Process.Start(start)!;
        try
        {
            var page = await AddressAsync(dashboard, told);
            var rest = dashboard.StandardOutput.ReadToEndAsync();
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

            Assert.Contains("<title>Load balancing</title>", await http.GetStringAsync(page), StringComparison.Ordinal);
            await Eventually.True(async () => await BusyEndpointsAsync(http, page) == 5, "all five backends get requests");

            // As Ctrl+C does.
            using var interrupt = Process.Start("kill", ["-INT", $"{dashboard.Id}"]);
            await dashboard.WaitForExitAsync().WaitAsync(Eventually.Deadline);
            told.Add(await rest);
            output.WriteLine(string.Join('\n', told));
            Assert.Equal(0, dashboard.ExitCode);

            // It tells of the balancer alone, and leaves nothing behind.
            Assert.All(told, static line => Assert.DoesNotContain("Microsoft", line, StringComparison.Ordinal));
            Assert.Empty(Directory.EnumerateFiles(home.FullName, "*.xml", SearchOption.AllDirectories));
        }
        finally
        {
            dashboard.Kill();
            home.Delete(recursive: true);
        }
    }

    private static async Task<Uri> AddressAsync(Process dashboard, List<string> told)
    {
        while (await dashboard.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Deadline) is { } line)
        {
            told.Add(line);
            if (line.StartsWith("Open ", StringComparison.Ordinal))
            {
                return new Uri(line[5..]);
            }
        }

        throw new InvalidOperationException("It ended without an address.");
    }

    private static async Task<int> BusyEndpointsAsync(HttpClient http, Uri page)
    {
        var status = await http.GetFromJsonAsync<JsonElement>($"{page}/clusters");
        return status.GetProperty("clusters").EnumerateArray()
            .SelectMany(static cluster => cluster.GetProperty("endpoints").EnumerateArray())
            .Count(static endpoint => endpoint.GetProperty("requestsPerSecond").GetDouble() > 0);
    }
}
