using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Kubernetes.Tests.Server;

/// <summary>A request for objects, in the words of access control.</summary>
internal sealed partial record ApiRequest(string Verb, string Group, string Resource, string Space, string? Name, IQueryCollection Query, string? Token)
{
    internal string? LabelSelector => Query["labelSelector"].FirstOrDefault();

    internal string? Version => Query["resourceVersion"].FirstOrDefault();

    internal static ApiRequest? Read(HttpRequest request)
    {
        var match = Paths().Match(request.Path.Value ?? "");
        if (!match.Success || request.Method != "GET")
        {
            return null;
        }

        var name = match.Groups["name"] is { Success: true, Value: var given } ? given : null;
        var verb = name is not null ? "get" : request.Query["watch"].FirstOrDefault() is "1" or "true" ? "watch" : "list";
        var token = request.Headers.Authorization.ToString() is { Length: > 7 } header ? header["Bearer ".Length..] : null;
        return new ApiRequest(verb, match.Groups["group"].Value, match.Groups["resource"].Value, match.Groups["space"].Value, name, request.Query, token);
    }

    /// <summary>Tells whether an object is asked for.</summary>
    internal bool Matches(JsonObject given)
    {
        var metadata = given["metadata"]!;
        return (Space.Length == 0 || metadata["namespace"]?.GetValue<string>() == Space)
            && (Name is null || metadata["name"]!.GetValue<string>() == Name)
            && Select(LabelSelector).All(one => metadata["labels"]?[one.Key]?.GetValue<string>() == one.Value)
            && Select(Query["fieldSelector"].FirstOrDefault()).All(one => one.Key != "metadata.name" || metadata["name"]!.GetValue<string>() == one.Value);
    }

    private static IEnumerable<(string Key, string Value)> Select(string? selector) =>
        (selector ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static one => (one.Split('=')[0], one.Split('=')[^1]));

    [GeneratedRegex("^/(?:api|apis/(?<group>[^/]+))/v1(?:/namespaces/(?<space>[^/]+))?/(?<resource>[a-z]+)(?:/(?<name>[^/]+))?$")]
    private static partial Regex Paths();
}
