using ClientSideLb.Kubernetes.Tests.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Watching;

/// <summary>The pauses of a watch run on the application's clock.</summary>
public sealed class PauseTests
{
    [Fact]
    public async Task An_outage_is_retried_after_pauses_that_grow()
    {
        var time = new FakeTimeProvider();
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        await using var pod = new TestPod(server, services: services => services.AddSingleton<TimeProvider>(time));
        await using var provider = pod.CreateProvider("http://api");
        await provider.PopulateAsync(new FoundEndpoints(), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");
        server.Allows = static _ => false;
        server.CutWatches();
        await pod.LoggedAsync(401);
        var first = server.Requests.Count;

        // The clock stands still, and so does the watch.
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var before = server.Requests.Count;
            var start = time.GetUtcNow();
            await Eventually.TrueAsync(
                async () =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(100));
                    await Task.Yield();
                    return server.Requests.Count > before;
                },
                "the server is asked again");
            pauses.Add(time.GetUtcNow() - start);
        }

        Assert.Equal(first + 5, server.Requests.Count);
        Assert.True(pauses[^1] > pauses[0] * 2, string.Join(", ", pauses));
    }
}
