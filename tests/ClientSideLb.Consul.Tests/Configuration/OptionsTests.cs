using ClientSideLb.Consul.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Consul.Tests.Configuration;

public sealed class OptionsTests
{
    [Fact]
    public void Every_fault_is_reported_at_once_when_the_host_starts()
    {
        using var services = new ServiceCollection()
            .AddConsulDiscovery(static options =>
            {
                options.Address = new Uri("ftp://consul");
                options.Token = "a\nb";
                options.Datacenter = " ";
                options.Tags.Add("");
                options.Wait = TimeSpan.FromMinutes(11);
                options.RequestTimeout = TimeSpan.Zero;
                options.SchemeMetaKey = "";
                options.ZoneMetaKey = "";
            })
            .BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        string[] settings = ["Address", "Token", "Datacenter", "Tags", "Wait", "RequestTimeout", "SchemeMetaKey", "ZoneMetaKey"];
        Assert.Equal(settings, failure.Failures.Select(static fault => fault["Consul discovery: ".Length..].Split(' ')[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(600)]
    public void The_ends_of_the_range_of_waits_are_valid(int seconds) =>
        Assert.True(Validate(new ConsulDiscoveryOptions { Wait = TimeSpan.FromSeconds(seconds) }).Succeeded);

    [Fact]
    public void A_password_in_an_address_is_refused_and_not_shown()
    {
        var result = Validate(new ConsulDiscoveryOptions { Address = new Uri("http://user:secret@consul:8500") });

        Assert.DoesNotContain("secret", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void A_unix_socket_in_the_environment_is_refused() =>
        Assert.Contains("CONSUL_HTTP_ADDR", Assert.Single(Validate(new(), ("CONSUL_HTTP_ADDR", "unix:///run/consul.sock")).Failures!), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, null, "http://localhost:8500/")]
    [InlineData("", null, "http://localhost:8500/")]
    [InlineData("10.0.0.1:8600", null, "http://10.0.0.1:8600/")]
    [InlineData("consul.example:8501", "true", "https://consul.example:8501/")]
    [InlineData("https://gateway/consul", null, "https://gateway/consul/")]
    public void The_address_comes_from_the_environment(string? address, string? tls, string expected) =>
        Assert.Equal(new Uri(expected), Find(new(), ("CONSUL_HTTP_ADDR", address), ("CONSUL_HTTP_SSL", tls)).Address);

    [Fact]
    public void The_options_win_over_the_environment()
    {
        var target = Find(new() { Address = new("http://a:1"), Token = "x" }, ("CONSUL_HTTP_ADDR", "b:2"), ("CONSUL_HTTP_TOKEN", "y"));

        Assert.Equal((new Uri("http://a:1"), "x"), (target.Address, target.Token));
        Assert.Equal("y", Find(new(), ("CONSUL_HTTP_TOKEN", "y")).Token);
        Assert.Null(Find(new()).Token);
    }

    [Fact]
    public void Options_come_from_configuration()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Address"] = "https://consul:8501",
            ["Tags:0"] = "blue",
            ["Wait"] = "00:01:00",
            ["PassingOnly"] = "true",
        }).Build();
        using var services = new ServiceCollection().AddConsulDiscovery(section).BuildServiceProvider();

        var options = services.GetRequiredService<IOptions<ConsulDiscoveryOptions>>().Value;

        Assert.Equal((new Uri("https://consul:8501"), TimeSpan.FromMinutes(1), true), (options.Address, options.Wait, options.PassingOnly));
        Assert.Equal(["blue"], options.Tags);
    }

    private static ConsulTarget Find(ConsulDiscoveryOptions options, params (string Name, string? Value)[] environment) =>
        ConsulTarget.Find(options, name => environment.FirstOrDefault(one => one.Name == name).Value);

    private static ValidateOptionsResult Validate(ConsulDiscoveryOptions options, params (string Name, string? Value)[] environment) =>
        new ConsulDiscoveryOptionsValidator(name => environment.FirstOrDefault(one => one.Name == name).Value).Validate(null, options);
}
