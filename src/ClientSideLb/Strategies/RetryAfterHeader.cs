using System.Globalization;
using System.Net.Http.Headers;

namespace ClientSideLb.Strategies;

/// <summary>
/// Reads and writes how long a server asks to get no requests: by <c>Retry-After</c> (RFC 9110, section 10.2.3), and by the headers of AI services
/// that give milliseconds.
/// </summary>
internal static class RetryAfterHeader
{
    // The more exact ones come before Retry-After, which has whole seconds.
    private static readonly string[] InMilliseconds = ["retry-after-ms", "x-ms-retry-after-ms"];

    /// <summary>Reads the time.</summary>
    /// <param name="response">The response.</param>
    /// <param name="now">
    /// The time of day, for a header with a date. If it is <see langword="null"/>, the date of the response counts as now.
    /// </param>
    /// <returns>The time, which is positive, or <see langword="null"/> if the response asks for none.</returns>
    internal static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset? now)
    {
        foreach (var name in InMilliseconds)
        {
            if (ReadMilliseconds(response.Headers, name) is { } exact)
            {
                return exact;
            }
        }

        return response.Headers.RetryAfter is { } header && (header.Delta ?? header.Date - (now ?? response.Headers.Date)) is { } asked && asked > TimeSpan.Zero
            ? asked
            : null;
    }

    /// <summary>Writes the time, rounded up to seconds, and to milliseconds where the response has them.</summary>
    internal static void Write(HttpResponseMessage response, TimeSpan time)
    {
        response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)));
        foreach (var name in InMilliseconds)
        {
            if (response.Headers.Remove(name))
            {
                response.Headers.Add(name, Math.Ceiling(time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Writes the time in seconds and in milliseconds. A client that reads only seconds waits up to a second longer.</summary>
    internal static void WriteExactly(HttpResponseMessage response, TimeSpan time)
    {
        response.Headers.Add(InMilliseconds[0], "0");
        Write(response, time);
    }

    private static TimeSpan? ReadMilliseconds(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values)
        && double.TryParse(values.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds > 0 && milliseconds <= TimeSpan.MaxValue.TotalMilliseconds / 2
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;
}
