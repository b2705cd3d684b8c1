using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Tests;

/// <summary>The lines in the log of an application.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task A_change_of_state_writes_one_line_with_its_id_and_name_under_one_category()
    {
        await using var lab = Lab();
        var log = lab.Services.GetFakeLogCollector();
        log.Clear();

        lab.Cluster.TryDrain(Backends.AddressOf(0));
        lab.Cluster.TryDrain(Backends.AddressOf(0));

        var line = Assert.Single(log.GetSnapshot());
        Assert.Equal("ClientSideLb", line.Category);
        Assert.Equal((LogLevel.Information, new EventId(8, "DrainBegan")), (line.Level, line.Id));
    }

    [Fact]
    public async Task A_request_writes_no_line_above_Debug_even_if_it_moves()
    {
        await using var lab = Lab();
        lab.AnswerAt(0, static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        var log = lab.Services.GetFakeLogCollector();
        log.Clear();

        await lab.GetAsync(4);

        var lines = log.GetSnapshot().Where(static line => line.Category == "ClientSideLb").ToList();
        Assert.Contains(lines, static line => line.Id.Name == "Moved");
        Assert.All(lines, static line => Assert.Equal(LogLevel.Debug, line.Level));
    }

    private static TelemetryLab Lab() => new(3, register: static services => services.AddLogging(static logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Trace)));
}
