using System.Diagnostics.CodeAnalysis;

namespace ClientSideLb.Consul.Configuration;

/// <summary>The address of Consul, and the token that it gets.</summary>
/// <param name="Address">The address, with a slash at its end.</param>
/// <param name="Token">The token, or <see langword="null"/>.</param>
internal sealed record ConsulTarget(Uri Address, string? Token)
{
    internal const string AddressVariable = "CONSUL_HTTP_ADDR";
    internal const string TlsVariable = "CONSUL_HTTP_SSL";
    internal const string TokenVariable = "CONSUL_HTTP_TOKEN";

    private static readonly Uri DefaultAddress = new("http://localhost:8500/");

    /// <summary>Takes the values that the options do not set from the environment.</summary>
    /// <param name="options">The options. They are valid.</param>
    /// <param name="getVariable">Reads an environment variable.</param>
    internal static ConsulTarget Find(ConsulDiscoveryOptions options, Func<string, string?> getVariable)
    {
        var address = options.Address ?? (TryReadAddress(getVariable, out var set) ? set : DefaultAddress);
        return new ConsulTarget(
            address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + '/'),
            options.Token ?? (getVariable(TokenVariable) is { Length: > 0 } token ? token : null));
    }

    /// <summary>Reads the address from the environment.</summary>
    /// <returns>Whether there is a usable one, or none at all.</returns>
    internal static bool TryReadAddress(Func<string, string?> getVariable, [NotNullWhen(true)] out Uri? address)
    {
        address = DefaultAddress;
        if (getVariable(AddressVariable) is not { Length: > 0 } text)
        {
            return true;
        }

        var scheme = bool.TryParse(getVariable(TlsVariable), out var isTls) && isTls ? "https" : "http";
        return Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"{scheme}://{text}", UriKind.Absolute, out address) && IsUsable(address);
    }

    internal static bool IsUsable(Uri address) =>
        address is { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 };
}
