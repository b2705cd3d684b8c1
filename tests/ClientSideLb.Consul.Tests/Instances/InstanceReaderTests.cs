using System.Text.Json;
using ClientSideLb.Consul.Instances;

namespace ClientSideLb.Consul.Tests.Instances;

public sealed class InstanceReaderTests
{
    // The example of Consul's documentation of this call.
    private const string Documented = """
        [
          {
            "Node": {
              "ID": "40e4a748-2192-161a-0510-9bf59fe950b5",
              "Node": "foobar",
              "Address": "10.1.10.12",
              "Datacenter": "dc1",
              "TaggedAddresses": { "lan": "10.1.10.12", "wan": "10.1.10.12" },
              "Meta": { "instance_type": "m3.large" }
            },
            "Service": {
              "ID": "redis",
              "Service": "redis",
              "Tags": ["primary"],
              "Address": "10.1.10.12",
              "TaggedAddresses": {
                "lan": { "address": "10.1.10.12", "port": 8000 },
                "wan": { "address": "198.18.1.2", "port": 80 }
              },
              "Meta": { "redis_version": "4.0" },
              "Port": 8000,
              "Weights": { "Passing": 10, "Warning": 1 },
              "Namespace": "default"
            },
            "Checks": [
              {
                "Node": "foobar",
                "CheckID": "service:redis",
                "Name": "Service 'redis' check",
                "Status": "passing",
                "Notes": "",
                "Output": "",
                "ServiceID": "redis",
                "ServiceName": "redis",
                "ServiceTags": ["primary"],
                "Namespace": "default"
              },
              {
                "Node": "foobar",
                "CheckID": "serfHealth",
                "Name": "Serf Health Status",
                "Status": "passing",
                "Notes": "",
                "Output": "",
                "ServiceID": "",
                "ServiceName": "",
                "ServiceTags": [],
                "Namespace": "default"
              }
            ]
          }
        ]
        """;

    [Fact]
    public void The_documented_answer_is_read() =>
        Assert.Equal([new ConsulInstance("10.1.10.12", 8000, null, 10, null, null)], Read(Documented).Instances);

    [Theory]
    [InlineData("""{"Address":"10.0.0.1","Port":80}""", false, "10.0.0.1")]
    [InlineData("""{"Address":"","Port":80}""", false, "10.9.9.9")]
    [InlineData("""{"Port":80}""", false, "10.9.9.9")]
    [InlineData("""{"Address":"10.0.0.1","Port":80}""", true, "10.9.9.9")]
    [InlineData("""{"Address":"2001:db8::1","Port":80}""", false, "2001:db8::1")]
    [InlineData("""{"Address":"[2001:db8::1]","Port":80}""", false, "2001:db8::1")]
    [InlineData("""{"Address":"api.example","Port":80}""", false, "api.example")]
    public void The_address_is_that_of_the_service_or_else_of_the_node(string service, bool useNode, string expected) =>
        Assert.Equal(expected, ReadOne(service, configure: options => options.UseNodeAddress = useNode).Host);

    [Theory]
    [InlineData("", 10, null)]
    [InlineData("passing", 10, null)]
    [InlineData("passing,warning", 3, null)]
    [InlineData("warning,critical,passing", 10, EndpointHealth.Unhealthy)]
    public void The_worst_check_tells_weight_and_health(string statuses, int weight, EndpointHealth? health)
    {
        var checks = statuses.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static status => $$"""{"CheckID":"c","Status":"{{status}}"}""");

        var read = ReadOne("""{"Address":"10.0.0.1","Port":80,"Weights":{"Passing":10,"Warning":3}}""", checks: string.Join(',', checks));

        Assert.Equal((weight, health), (read.Weight, read.Health));
    }

    [Theory]
    [InlineData("_node_maintenance")]
    [InlineData("_service_maintenance:api-1")]
    public void Maintenance_drains_although_a_check_is_critical(string id) =>
        Assert.Equal(
            EndpointHealth.Draining,
            ReadOne("""{"Address":"10.0.0.1","Port":80}""", checks: $$"""{"CheckID":"x","Status":"critical"},{"CheckID":"{{id}}","Status":"critical"}""").Health);

    [Theory]
    [InlineData("""{"Address":"10.0.0.1","Locality":{"Region":"r","Zone":"z1"}}""", """{"Meta":{"zone":"z2"}}""", "z1")]
    [InlineData("""{"Address":"10.0.0.1"}""", """{"Meta":{"zone":"z2"},"Locality":{"Zone":"z3"}}""", "z3")]
    [InlineData("""{"Address":"10.0.0.1","Locality":{"Region":"r"}}""", """{"Meta":{"zone":"z2"}}""", "z2")]
    [InlineData("""{"Address":"10.0.0.1"}""", """{"Meta":{"zone":""}}""", null)]
    [InlineData("""{"Address":"10.0.0.1"}""", """{"Meta":null}""", null)]
    public void The_zone_is_that_of_the_locality_or_else_of_the_metadata_of_the_node(string service, string node, string? zone) =>
        Assert.Equal(zone, ReadOne(service, node, configure: static options => options.ZoneMetaKey = "zone").Zone);

    [Fact]
    public void Without_the_option_the_metadata_of_the_node_tells_no_zone() =>
        Assert.Null(ReadOne("""{"Address":"10.0.0.1"}""", """{"Meta":{"zone":"z2"}}""").Zone);

    [Theory]
    [InlineData("https", "https")]
    [InlineData("HTTP", "http")]
    [InlineData("tcp", null)]
    public void The_scheme_is_in_the_metadata_of_the_service_if_the_option_says_so(string value, string? scheme)
    {
        var service = $$"""{"Address":"10.0.0.1","Meta":{"proto":"{{value}}"} }""";

        Assert.Equal(scheme, ReadOne(service, configure: static options => options.SchemeMetaKey = "proto").Scheme);
        Assert.Null(ReadOne(service).Scheme);
    }

    [Fact]
    public void An_address_that_is_registered_twice_is_one_endpoint_with_the_better_health()
    {
        const string Twice = """
            [
              {"Node":{},"Service":{"ID":"old","Address":"10.0.0.1","Port":80},"Checks":[{"CheckID":"c","Status":"critical"}]},
              {"Node":{},"Service":{"ID":"new","Address":"10.0.0.1","Port":80},"Checks":[{"CheckID":"c","Status":"passing"}]}
            ]
            """;

        Assert.Null(Assert.Single(Read(Twice).Instances).Health);
    }

    private static ConsulInstance ReadOne(
        string service, string node = """{"Address":"10.9.9.9"}""", string checks = "", Action<ConsulDiscoveryOptions>? configure = null) =>
        Assert.Single(Read($$"""[{"Node":{{node}},"Service":{{service}},"Checks":[{{checks}}]}]""", configure).Instances);

    private static InstanceList Read(string json, Action<ConsulDiscoveryOptions>? configure = null)
    {
        var options = new ConsulDiscoveryOptions();
        configure?.Invoke(options);
        return new InstanceReader(options).Read(JsonSerializer.Deserialize(json, ConsulJson.Default.EntryDocumentArray)!);
    }
}
