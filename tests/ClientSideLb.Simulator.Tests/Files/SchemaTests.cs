using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientSideLb.Simulator.Tests.Files;

/// <summary>The schema knows what the model knows: no more, and no less.</summary>
public sealed class SchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(ScenarioFile.Schema).RootElement;

    public static TheoryData<Type, string> Types => new()
    {
        { typeof(Scenario), "" },
        { typeof(ClientGroup), "clients" },
        { typeof(KeyPopularity), "clients/keys" },
        { typeof(BackendGroup), "backends" },
        { typeof(BackendChange), "change" },
        { typeof(LoadBalancingOptions), "balancer" },
        { typeof(ConsistentHashOptions), "balancer/consistentHash" },
        { typeof(ActiveHealthCheckOptions), "balancer/activeHealthCheck" },
        { typeof(OutlierDetectionOptions), "balancer/outlierDetection" },
        { typeof(FailoverOptions), "balancer/failover" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void It_has_the_properties_of_each_type(Type type, string path)
    {
        var schema = path.Length == 0 ? Schema : path.Split('/').Aggregate(
            Schema.GetProperty("$defs"), static (element, name) => element.TryGetProperty("properties", out var properties) ? properties.GetProperty(name) : element.GetProperty(name));

        Assert.Equal(NamesOf(type), schema.GetProperty("properties").EnumerateObject().Select(static property => property.Name).Where(static name => name != "$schema").Order());
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
    }

    [Theory]
    [InlineData(typeof(Arrivals), "clients", "arrivals")]
    [InlineData(typeof(ServiceTime), "backends", "service")]
    public void It_has_every_kind_of_a_choice(Type type, string definition, string property)
    {
        var kinds = Schema.GetProperty("$defs").GetProperty(definition).GetProperty("properties").GetProperty(property).GetProperty("oneOf").EnumerateArray()
            .ToDictionary(static kind => kind.GetProperty("properties").GetProperty("kind").GetProperty("const").GetString()!);

        var derived = type.GetCustomAttributes<JsonDerivedTypeAttribute>().ToArray();
        Assert.Equal(derived.Select(static kind => (string)kind.TypeDiscriminator!).Order(), kinds.Keys.Order());
        foreach (var kind in derived)
        {
            Assert.Equal(
                NamesOf(kind.DerivedType),
                kinds[(string)kind.TypeDiscriminator!].GetProperty("properties").EnumerateObject().Select(static property => property.Name).Where(static name => name != "kind").Order());
        }
    }

    [Fact]
    public void It_names_every_change()
    {
        var changes = Schema.GetProperty("$defs").GetProperty("change").GetProperty("properties").GetProperty("change").GetProperty("enum");

        Assert.Equal(Enum.GetNames<ChangeKind>().Select(static name => name.ToLowerInvariant()), changes.EnumerateArray().Select(static change => change.GetString()));
    }

    private static IEnumerable<string> NamesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static property => !typeof(Delegate).IsAssignableFrom(property.PropertyType) && property.Name != "EqualityContract")
        .Select(static property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
        .Order();
}
