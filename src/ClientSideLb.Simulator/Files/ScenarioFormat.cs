using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ClientSideLb.Simulator.Files;

/// <summary>The JSON format of scenarios.</summary>
internal static class ScenarioFormat
{
    internal const string SchemaProperty = "$schema";

    private const string ClientsProperty = "clients";

    private static readonly JsonSerializerOptions OneGroup = CreateOptions(AllowOneGroup);
    private static readonly JsonSerializerOptions ManyGroups = CreateOptions(static _ => { });

    /// <summary>Gets the format of a text: with a list of client groups, or with one group that is no list.</summary>
    internal static JsonSerializerOptions Of(string json) => HasListOfGroups(json) ? ManyGroups : OneGroup;

    private static bool HasListOfGroups(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 }
                    && string.Equals(reader.GetString(), ClientsProperty, StringComparison.OrdinalIgnoreCase))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.StartArray;
                }
            }
        }
        catch (JsonException)
        {
            // The deserializer reports the fault.
        }

        return false;
    }

    private static JsonSerializerOptions CreateOptions(Action<JsonTypeInfo> adapt)
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
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RemoveFunctions, FillInPlace, AllowSchema, adapt } },
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

    private static void AllowOneGroup(JsonTypeInfo type)
    {
        if (type.Type != typeof(Scenario))
        {
            return;
        }

        var groups = type.Properties.First(static property => property.Name == ClientsProperty);
        var group = type.CreateJsonPropertyInfo(typeof(ClientGroup), ClientsProperty);
        group.IsSetNullable = false;
        group.Set = (scenario, value) => groups.Set!(scenario, (ClientGroup[])[(ClientGroup)value!]);
        type.Properties[type.Properties.IndexOf(groups)] = group;
    }
}
