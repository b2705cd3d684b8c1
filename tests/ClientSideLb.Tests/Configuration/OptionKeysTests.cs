using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Tests;

public sealed class OptionKeysTests
{
    [Fact]
    public void The_keys_are_those_of_the_options()
    {
        Assert.Equal(KeysOf(typeof(LoadBalancingOptions)).Order(), KeysOf(OptionKeys.Root).Order());
    }

    [Theory]
    [InlineData("Api:Startegy", "Random", "Api:Startegy")]
    [InlineData("Api:OutlierDetection:Windwo", "00:00:10", "Api:OutlierDetection:Windwo")]
    [InlineData("Api:Endpoints:0:Wieght", "3", "Api:Endpoints:0:Wieght")]
    [InlineData("Api:OutlierDetecton:Window", "00:00:10", "Api:OutlierDetecton")]
    [InlineData("Api:Failover", "off", "Api:Failover")]
    [InlineData("Api:Strategy:Name", "Random", "Api:Strategy:Name")]
    [InlineData("Api:IsFailure", "true", "Api:IsFailure")]
    public void A_key_that_has_no_effect_is_named_at_the_start_and_at_each_reload(string key, string value, string named)
    {
        var configuration = new ReloadableConfiguration(("Api:Endpoints:0:Address", "http://10.0.0.1"), (key, value));
        using var provider = Build(configuration.Root.GetSection("Api"));
        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        Assert.Single(Warnings(provider), warning => warning.EndsWith($": {named}.", StringComparison.Ordinal));

        configuration.Replace(("Api:Endpoints:0:Address", "http://10.0.0.2"), (key, value));
        Assert.Equal(2, Warnings(provider).Count());

        configuration.Replace(("Api:Endpoints:0:Address", "http://10.0.0.2"));
        Assert.Equal(2, Warnings(provider).Count());
    }

    [Fact]
    public void A_key_that_a_reload_brings_is_named_even_if_the_reload_is_refused()
    {
        var configuration = new ReloadableConfiguration(("Api:Endpoints:0:Address", "http://10.0.0.1"));
        using var provider = Build(configuration.Root.GetSection("Api"));
        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        Assert.Empty(Warnings(provider));

        configuration.Replace(("Api:Endpoints:0:Address", "ftp://10.0.0.1"), ("Api:startegy", "Random"), ("Api:Fail", "1"));

        Assert.EndsWith(": Api:Fail, Api:startegy.", Assert.Single(Warnings(provider)), StringComparison.Ordinal);
    }

    [Fact]
    public void Known_keys_in_any_case_and_empty_sections_are_not_named()
    {
        var configuration = new ReloadableConfiguration(
            ("Api:STRATEGY", "Random"), ("Api:endpoints:first:address", "http://10.0.0.1"), ("Api:Endpoints:first:zone", "a"), ("Api:failover", ""), ("Api:outlierdetection:window", "00:00:10"));
        using var provider = Build(configuration.Root.GetSection("Api"));

        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        Assert.Empty(Warnings(provider));
    }

    [Fact]
    public void In_a_whole_configuration_only_keys_below_options_are_named()
    {
        var configuration = new ReloadableConfiguration(("PATH", "/bin"), ("Logging:LogLevel:Default", "Debug"), ("Failover:Enable", "false"));
        using var provider = Build(configuration.Root);

        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        Assert.EndsWith(": Failover:Enable.", Assert.Single(Warnings(provider)), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_the_section_for_all_clients_are_named_too()
    {
        var configuration = new ReloadableConfiguration(("All:Startegy", "Random"));
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.AddFakeLogging());
        services.ConfigureHttpClientDefaults(client => client.AddLoadBalancing(configuration.Root.GetSection("All")));
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        Assert.Contains("All:Startegy", Assert.Single(Warnings(provider)), StringComparison.Ordinal);
    }

    private static ServiceProvider Build(IConfiguration section)
    {
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.AddFakeLogging());
        services.AddHttpClient("api").AddLoadBalancing(section);
        return services.BuildServiceProvider();
    }

    private static IEnumerable<string> Warnings(IServiceProvider provider) =>
        provider.GetFakeLogCollector().GetSnapshot().Where(static record => record.Level == LogLevel.Warning).Select(static record => record.Message);

    private static IEnumerable<string> KeysOf(OptionKeys keys) =>
        keys.Values.Concat(keys.Sections.SelectMany(static section => KeysOf(section.Value).Select(key => $"{section.Key}{(section.Value.IsList ? ":0" : "")}:{key}")));

    // Functions and probes cannot be set from configuration.
    private static IEnumerable<string> KeysOf(Type options)
    {
        foreach (var property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var type = property.PropertyType;
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
            {
                foreach (var key in KeysOf(type.GenericTypeArguments[0]))
                {
                    yield return $"{property.Name}:0:{key}";
                }
            }
            else if (type.Namespace == typeof(LoadBalancingOptions).Namespace && type.IsClass)
            {
                foreach (var key in KeysOf(type))
                {
                    yield return $"{property.Name}:{key}";
                }
            }
            else if (property.CanWrite && !typeof(Delegate).IsAssignableFrom(type))
            {
                yield return property.Name;
            }
        }
    }
}
