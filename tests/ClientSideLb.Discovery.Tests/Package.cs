using System.Reflection;
using System.Text.RegularExpressions;
using ClientSideLb.Tests.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Discovery.Tests;

/// <summary>One of the packages that find endpoints, by its name.</summary>
internal sealed record Package(string Name, Type Options, Action<IServiceCollection> Add)
{
    private static readonly Package[] All =
    [
        new("Consul", typeof(ConsulDiscoveryOptions), static services => services.AddConsulDiscovery()),
        new("Dns", typeof(DnsDiscoveryOptions), static services => services.AddDnsDiscovery()),
        new("Kubernetes", typeof(KubernetesDiscoveryOptions), static services => services.AddKubernetesDiscovery()),
    ];

    internal string Meter => $"ClientSideLb.{Name}";

    internal Assembly Assembly => Options.Assembly;

    internal static Package Get(string name) => All.Single(one => one.Name == name);

    internal ServiceProvider BuildServices()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationManager());
        Add(services);
        return services.BuildServiceProvider();
    }

    internal string[] ReadReadme() => File.ReadAllLines(RepositoryFiles.PathOf("src", $"ClientSideLb.{Name}", "README.md"));

    /// <summary>Reads the rows of the table with this head in the README.</summary>
    internal List<string[]> ReadTable(string head)
    {
        var rows = ReadReadme()
            .SkipWhile(line => line != head)
            .Skip(2)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line[1..^1].Split('|', StringSplitOptions.TrimEntries))
            .ToList();
        Assert.True(rows.Count > 0, $"The README of {Name} has a table with the head {head}");
        return rows;
    }

    internal static string InCode(string cell) => Regex.Match(cell, "^`([^`]+)`").Groups[1].Value;
}
