using System.Globalization;
using System.Net;
using System.Text;
using ClientSideLb.Consul.Names;

namespace ClientSideLb.Consul.Api;

/// <summary>Explains a status that is not 200.</summary>
internal static class StatusFault
{
    private const int LongestText = 200;

    internal static async Task<ConsulDiscoveryException> CreateAsync(
        HttpResponseMessage response, ConsulServiceName name, string address, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var advice = response.StatusCode switch
        {
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized =>
                $" The token needs the ACL rules service:read on '{name.Service}' and node:read on its nodes.",
            HttpStatusCode.NotFound or >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => " Is that the address of Consul?",
            _ => "",
        };
        var text = await ReadTextAsync(response, cancellationToken).ConfigureAwait(false);
        return new ConsulDiscoveryException($"Consul at {address} answered {status}.{advice}{(text.Length == 0 ? "" : $" It says: {text}")}")
        {
            ErrorType = status.ToString(CultureInfo.InvariantCulture),
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    // Consul gives its reasons in plain text.
    private static async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not (null or "text/plain"))
        {
            return "";
        }

        var buffer = new byte[LongestText];
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            var text = Encoding.UTF8.GetString(buffer, 0, length).Trim();
            return string.Concat(text.Select(static one => char.IsControl(one) ? ' ' : one));
        }
    }
}
