using System.Diagnostics;
using System.Net;

namespace ClientSideLb.Tests;

public sealed class ActivityTests : IDisposable
{
    private readonly ActivitySource _source = new("ClientSideLb.Tests.Activities");
    private readonly ActivityListener _listener;

    public ActivityTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source == _source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Name == "not recorded" ? ActivitySamplingResult.PropagationData : ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task The_current_activity_records_where_a_request_went()
    {
        await using var lab = new TelemetryLab(2);
        using var activity = _source.StartActivity("request")!;

        await lab.GetAsync();

        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["clientsidelb.client"] = "orders",
                ["clientsidelb.service"] = "api",
                ["clientsidelb.strategy"] = "InTurn",
                ["clientsidelb.endpoint"] = TelemetryLab.NameOf(0),
                ["clientsidelb.attempts"] = 1,
            },
            activity.TagObjects.ToDictionary());
        Assert.Empty(activity.Events);
    }

    [Fact]
    public async Task An_activity_records_each_move_and_where_the_request_ended()
    {
        await using var lab = new TelemetryLab(3);
        lab.AnswerAt(0, static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        lab.AnswerAt(1, static () => throw new HttpRequestException(HttpRequestError.ConnectionError));
        using var activity = _source.StartActivity("request")!;

        await lab.GetAsync();

        Assert.Equal(TelemetryLab.NameOf(2), activity.GetTagItem("clientsidelb.endpoint"));
        Assert.Equal(3, activity.GetTagItem("clientsidelb.attempts"));
        Assert.Collection(
            activity.Events,
            moved => AssertMove(moved, TelemetryLab.NameOf(0), "503"),
            moved => AssertMove(moved, TelemetryLab.NameOf(1), "connection_error"));
    }

    [Fact]
    public async Task The_activity_of_a_request_that_found_no_endpoint_names_none()
    {
        await using var lab = new TelemetryLab(1);
        lab.Cluster.TryDrain(Backends.AddressOf(0));
        using var activity = _source.StartActivity("request")!;

        await Assert.ThrowsAsync<NoEndpointAvailableException>(() => lab.GetAsync());

        Assert.Equal("api", activity.GetTagItem("clientsidelb.service"));
        Assert.Equal(0, activity.GetTagItem("clientsidelb.attempts"));
        Assert.Null(activity.GetTagItem("clientsidelb.endpoint"));
    }

    [Fact]
    public async Task An_activity_that_is_not_recorded_gets_no_tags()
    {
        await using var lab = new TelemetryLab(1);
        using var activity = _source.StartActivity("not recorded")!;

        await lab.GetAsync();

        Assert.Empty(activity.TagObjects);
    }

    [Fact]
    public async Task The_activity_of_a_request_that_passes_through_gets_no_tags()
    {
        await using var lab = new TelemetryLab(0);
        using var activity = _source.StartActivity("request")!;

        await lab.GetAsync();

        Assert.Empty(activity.TagObjects);
    }

    private static void AssertMove(ActivityEvent moved, string from, string errorType)
    {
        Assert.Equal("clientsidelb.failover", moved.Name);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["clientsidelb.endpoint"] = from,
                ["clientsidelb.failover.kind"] = "retry",
                ["error.type"] = errorType,
            },
            moved.Tags.ToDictionary());
    }
}
