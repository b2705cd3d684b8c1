namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/exceptions.md.</summary>
internal static class SnippetsExceptions
{
    internal static async Task<string> Catch(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            return await http.GetStringAsync("orders/42", cancellationToken);
        }
        catch (NoEndpointAvailableException fault) when (fault.Reason == NoEndpointReason.Saturated)
        {
            // Every endpoint is at its limit. More requests would make it worse.
            return Unavailable("busy");
        }
        catch (NoEndpointAvailableException fault)
        {
            // There is no endpoint to send it to. The message says why, and what to do.
            return Unavailable($"{fault.ServiceName}: {fault.Reason}");
        }
        catch (HttpRequestException fault) when (fault.InnerException is TimeoutException)
        {
            // No endpoint answered within Failover.AttemptTimeout.
            return Unavailable("slow");
        }
        catch (HttpRequestException)
        {
            // The connection failed, or the status was no success.
            return Unavailable("failed");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // HttpClient.Timeout, or ConnectTimeout of the primary handler.
            return Unavailable("slow");
        }
    }

    private static string Unavailable(string reason) => reason;
}
