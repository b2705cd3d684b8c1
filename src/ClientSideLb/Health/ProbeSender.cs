using ClientSideLb.Configuration;
using ClientSideLb.Requests;

namespace ClientSideLb.Health;

/// <summary>The sender of a client's probes, until the client's handler is replaced.</summary>
/// <param name="http">The client.</param>
/// <param name="primary">The handler of the client.</param>
internal sealed class ProbeSender(HttpClient http, HttpMessageHandler primary)
{
    internal HttpClient Http => http;

    /// <summary>Gets the primary handler. Several clients may share it.</summary>
    internal HttpMessageHandler Primary { get; } = primary is SharedPrimaryHandler shared ? shared.Primary : primary;

    /// <summary>Gets the headers and versions that the client gives each request.</summary>
    internal string Headers { get; } = $"{http.DefaultRequestVersion} {http.DefaultVersionPolicy}\n{http.DefaultRequestHeaders}";

    /// <summary>Tells what the probe of an endpoint would be.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="logical">The balanced client's base address.</param>
    /// <param name="settings">The settings of the probe.</param>
    /// <param name="sender">The primary handler.</param>
    internal ProbeIdentity Identify(ClusterEndpoint endpoint, Uri logical, ProbeSettings settings, out object sender)
    {
        sender = Primary;
        return new ProbeIdentity(endpoint.Location.Key, HostHeaderRules.GetName(endpoint, logical, settings.HostHeader), Headers, settings);
    }
}
