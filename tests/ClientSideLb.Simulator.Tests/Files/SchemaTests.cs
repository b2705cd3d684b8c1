using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientSideLb.Simulator.Tests.Files;

/// <summary>The schema has the properties of the model, no more and no fewer.</summary>
public sealed class SchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(ScenarioFile.Schema).RootElement;

    public static TheoryData<Type, string> Types => new()
    {
        { typeof(Scenario), "" },
        { typeof(ClientGroup), "clients" },
        { typeof(KeyPopularity), "clients/keys" },
        { typeof(BackendGroup), "backends" },
        { typeof(RateLimit), "rateLimit" },
        { typeof(BackendChange), "change" },
        { typeof(LoadBalancingOptions), "balancer" },
        { typeof(ConsistentHashOptions), "balancer/consistentHash" },
        { typeof(MaglevOptions), "balancer/maglev" },
        { typeof(PeakEwmaOptions), "balancer/peakEwma" },
        { typeof(ActiveHealthCheckOptions), "balancer/activeHealthCheck" },
        { typeof(OutlierDetectionOptions), "balancer/outlierDetection" },
        { typeof(FailoverOptions), "balancer/failover" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void The_schema_has_the_properties_of_each_type(Type type, string path)
    {
        var schema = path.Length == 0 ? Schema : Find(path);

        Assert.Equal(NamesOf(type), NamesOf(schema, except: "$schema"));
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
    }

    [Theory]
    [InlineData(typeof(Arrivals), "clients/arrivals")]
    [InlineData(typeof(ServiceTime), "backends/service")]
    public void The_schema_has_every_kind_of_a_value_with_several_kinds(Type type, string path)
    {
        var kinds = type.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(static kind => ((string)kind.TypeDiscriminator!, string.Join(' ', NamesOf(kind.DerivedType))));
        var kindsOfSchema = Find(path).GetProperty("oneOf").EnumerateArray().Select(static kind =>
            (kind.GetProperty("properties").GetProperty("kind").GetProperty("const").GetString()!, string.Join(' ', NamesOf(kind, except: "kind"))));

        Assert.Equal(kinds.Order(), kindsOfSchema.Order());
    }

    [Fact]
    public void The_schema_names_every_change() =>
        Assert.Equal(
            Enum.GetNames<ChangeKind>().Select(static name => name.ToLowerInvariant()),
            Find("change/change").GetProperty("enum").EnumerateArray().Select(static change => change.GetString()));

    // Follows the names of a definition and of properties in it.
    private static JsonElement Find(string path) => path.Split('/').Aggregate(
        Schema.GetProperty("$defs"), static (element, name) => element.TryGetProperty("properties", out var properties) ? properties.GetProperty(name) : element.GetProperty(name));

    private static IEnumerable<string> NamesOf(JsonElement schema, string except) =>
        schema.GetProperty("properties").EnumerateObject().Select(static property => property.Name).Where(name => name != except).Order();

    private static IEnumerable<string> NamesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static property => !typeof(Delegate).IsAssignableFrom(property.PropertyType))
        .Select(static property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
        .Order();
}
