using System.Net;

namespace ClientSideLb.Tests;

/// <summary>How long a server asks to get no requests.</summary>
public sealed class RetryAfterHeaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 17, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Retry-After", "20", 20_000.0)]
    [InlineData("retry-after-ms", "1500", 1_500.0)]
    [InlineData("retry-after-ms", "12.5", 12.5)]
    [InlineData("x-ms-retry-after-ms", "250", 250.0)]
    [InlineData("Retry-After", "Sun, 17 May 2026 12:00:30 GMT", 30_000.0)]
    [InlineData("Retry-After", "Sun, 17 May 2026 11:59:00 GMT", null)]
    [InlineData("Retry-After", "0", null)]
    [InlineData("retry-after-ms", "0", null)]
    [InlineData("retry-after-ms", "-5", null)]
    [InlineData("retry-after-ms", "soon", null)]
    [InlineData("retry-after-ms", "1e400", null)]
    [InlineData("retry-after-ms", "99999999999999999999999999", null)]
    public void The_time_is_read_in_seconds_milliseconds_or_as_a_date(string name, string value, double? milliseconds)
    {
        using var response = Create((name, value));

        Assert.Equal(milliseconds, RetryAfterHeader.Read(response, Now)?.TotalMilliseconds);
    }

    [Fact]
    public void The_more_exact_header_counts_and_one_that_cannot_be_read_does_not()
    {
        using var both = Create(("Retry-After", "1"), ("retry-after-ms", "150"));
        using var unreadable = Create(("Retry-After", "1"), ("retry-after-ms", "soon"), ("x-ms-retry-after-ms", "900"));

        Assert.Equal(150, RetryAfterHeader.Read(both, Now)?.TotalMilliseconds);
        Assert.Equal(900, RetryAfterHeader.Read(unreadable, Now)?.TotalMilliseconds);
    }

    [Fact]
    public void Without_a_clock_a_date_is_compared_with_that_of_the_response()
    {
        using var dated = Create(("Retry-After", "Sun, 17 May 2026 12:00:30 GMT"), ("Date", "Sun, 17 May 2026 12:00:10 GMT"));
        using var undated = Create(("Retry-After", "Sun, 17 May 2026 12:00:30 GMT"));

        Assert.Equal(20, RetryAfterHeader.Read(dated, now: null)?.TotalSeconds);
        Assert.Null(RetryAfterHeader.Read(undated, now: null));
    }

    [Fact]
    public void A_time_is_written_to_each_header_that_is_there_and_rounded_up()
    {
        using var response = Create(("Retry-After", "60"), ("retry-after-ms", "60000"));

        RetryAfterHeader.Write(response, TimeSpan.FromMilliseconds(1200.5));

        Assert.Equal(["2"], response.Headers.GetValues("Retry-After"));
        Assert.Equal(["1201"], response.Headers.GetValues("retry-after-ms"));
        Assert.False(response.Headers.Contains("x-ms-retry-after-ms"));
    }

    private static HttpResponseMessage Create(params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}
