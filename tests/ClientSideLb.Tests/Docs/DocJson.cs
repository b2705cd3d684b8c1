using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Tests.Docs;

/// <summary>Reads JSON as an application reads its configuration, and checks the options of the clients in it.</summary>
internal static class DocJson
{
    /// <summary>The section that has a section for each client.</summary>
    internal const string Clients = "LoadBalancing";

    // Comments and commas at the end are what the provider of JSON configuration accepts.
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Describes the faults of one text: it is not JSON, or a client in it has unknown keys or options that are not valid.</summary>
    internal static IReadOnlyList<string> FindFaults(string place, string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json, Lenient);
            return parsed.RootElement.ValueKind == JsonValueKind.Object && parsed.RootElement.TryGetProperty(Clients, out _)
                ? [.. FindFaultsOfClients(json).Select(fault => $"{place}: {fault}")]
                : [];
        }
        catch (JsonException fault)
        {
            return [$"{place}: this is not JSON: {fault.Message}"];
        }
    }

    private static List<string> FindFaultsOfClients(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        return [.. configuration.GetSection(Clients).GetChildren().SelectMany(FindFaultsOfClient)];
    }

    private static IEnumerable<string> FindFaultsOfClient(IConfigurationSection section)
    {
        foreach (var key in OptionKeys.Root.FindUnknown(section))
        {
            yield return $"no option has the key {key}.";
        }

        if (FindInvalid(section) is { } invalid)
        {
            yield return invalid;
        }
    }

    private static string? FindInvalid(IConfigurationSection section)
    {
        var services = new ServiceCollection();
        services.AddHttpClient(section.Key).AddLoadBalancing(section);
        using var provider = services.BuildServiceProvider();
        try
        {
            _ = provider.GetRequiredService<IOptionsFactory<LoadBalancingOptions>>().Create(section.Key);
            return null;
        }
        catch (Exception fault) when (fault is OptionsValidationException or InvalidOperationException)
        {
            return fault.Message;
        }
    }
}
