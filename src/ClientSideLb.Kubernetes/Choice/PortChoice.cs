using System.Collections.Immutable;
using System.Globalization;
using ClientSideLb.Kubernetes.Slices;

namespace ClientSideLb.Kubernetes.Choice;

/// <summary>The port of a slice that requests go to, and the scheme that is spoken there.</summary>
/// <param name="Scheme">The scheme, or <see langword="null"/> if neither the question nor the port names one.</param>
/// <param name="Number">The number, or <see langword="null"/> for the default port of the scheme.</param>
internal sealed record PortChoice(string? Scheme, int? Number)
{
    private static readonly SlicePort NoPort = new("", null, null);

    /// <summary>Chooses the port that a query asks for.</summary>
    /// <returns>The port, or <see langword="null"/> if there is none.</returns>
    internal static PortChoice? Choose(ImmutableArray<SlicePort> ports, PortQuery query)
    {
        // A service without ports (it can only be headless) leaves the port to its clients.
        var usable = (ports.IsEmpty ? [NoPort] : ports)
            .Select(port => (Port: port, Scheme: GetScheme(port, query)))
            .Where(static one => one.Scheme is not "")
            .ToList();
        var (chosen, scheme) = Find(usable, query);
        return chosen is null ? null : new PortChoice(scheme, chosen.Number ?? query.Number);
    }

    /// <summary>Says why no port suits a query.</summary>
    internal static string DescribeMissing(IEnumerable<SlicePort> ports, PortQuery query)
    {
        var known = string.Join(", ", ports.Distinct().Select(Describe));
        var wanted = query switch
        {
            { Name: { } name } => $"is named '{name}'",
            { Schemes: { Count: > 0 } schemes } => $"is named '{string.Join("' or '", schemes)}' or speaks it",
            _ => "could be chosen",
        };
        return $"Its ports are {(known.Length == 0 ? "none for TCP" : known)}, and none of them {wanted}. A port can be named in the address, as in 'http://_grpc.api' for the port 'grpc' of 'api'.";
    }

    private static (SlicePort? Port, string? Scheme) Find(List<(SlicePort Port, string? Scheme)> usable, PortQuery query)
    {
        if (query.Name is { } name)
        {
            return usable.Find(one => one.Port.Name == name);
        }

        if (usable is [var only])
        {
            return only;
        }

        if (query.Number is { } number && usable.FindAll(one => one.Port.Number == number) is [var numbered])
        {
            return numbered;
        }

        foreach (var scheme in query.Schemes)
        {
            if (usable.Find(one => one.Port.Name == scheme) is { Port: not null } named)
            {
                return named;
            }

            if (usable.FindAll(one => PortProtocol.GetDeclared(one.Port) == scheme) is [var declared])
            {
                return declared;
            }
        }

        return default;
    }

    // Null: no scheme is asked for and none is known. Empty: the query does not allow the protocol of the port.
    private static string? GetScheme(SlicePort port, PortQuery query)
    {
        var declared = PortProtocol.GetDeclared(port);
        if (query.Schemes.Count == 0)
        {
            return declared ?? PortProtocol.Guess(port);
        }

        if (declared is not null)
        {
            // A request that may use http may always use https.
            return query.Schemes.Contains(declared) || declared == "https" ? declared : "";
        }

        var guess = PortProtocol.Guess(port) ?? "http";
        return query.Schemes.Contains(guess) ? guess : query.Schemes[0];
    }

    private static string Describe(SlicePort port) =>
        string.Create(CultureInfo.InvariantCulture, $"'{port.Name}' ({port.Number?.ToString(CultureInfo.InvariantCulture) ?? "any"}{(port.AppProtocol is null ? "" : $", {port.AppProtocol}")})");
}
