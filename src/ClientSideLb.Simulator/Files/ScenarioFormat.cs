using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ClientSideLb.Simulator.Files;

/// <summary>The JSON format of scenarios.</summary>
internal static class ScenarioFormat
{
    internal const string SchemaProperty = "$schema";

    internal static JsonSerializerOptions Options { get; } = CreateOptions();

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            AllowDuplicateProperties = false,
            AllowOutOfOrderMetadataProperties = true,
            AllowTrailingCommas = true,
            NumberHandling = JsonNumberHandling.Strict,
            ReadCommentHandling = JsonCommentHandling.Skip,
            RespectNullableAnnotations = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RemoveFunctions, FillInPlace, AllowSchema } },
            Converters = { new DurationConverter(), new HttpMethodConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }

    // A file cannot contain functions.
    private static void RemoveFunctions(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (typeof(Delegate).IsAssignableFrom(type.Properties[i].PropertyType))
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    // Some options of the library are objects without a setter.
    private static void FillInPlace(JsonTypeInfo type)
    {
        if (type.Type.Assembly == typeof(LoadBalancingOptions).Assembly)
        {
            foreach (var property in type.Properties.Where(static property => property.Set is null))
            {
                property.ObjectCreationHandling = JsonObjectCreationHandling.Populate;
            }
        }
    }

    // Editors find the schema by this property. The simulation ignores it.
    private static void AllowSchema(JsonTypeInfo type)
    {
        if (type.Type == typeof(Scenario))
        {
            var schema = type.CreateJsonPropertyInfo(typeof(string), SchemaProperty);
            schema.Set = static (_, _) => { };
            type.Properties.Add(schema);
        }
    }
}
