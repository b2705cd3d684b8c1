using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace ClientSideLb.Simulator;

/// <summary>Reads scenarios from JSON.</summary>
public static partial class ScenarioFile
{
    private static readonly JsonSerializerOptions Format = CreateFormat();

    /// <summary>Gets the JSON schema of a scenario, for an editor to complete and check by.</summary>
    public static string Schema
    {
        get
        {
            using var stream = typeof(ScenarioFile).Assembly.GetManifestResourceStream("scenario.schema.json")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <returns>The scenario, which can be run. Without a name in it, it has that of the file.</returns>
    /// <exception cref="ScenarioException">It cannot be read, or not run; the message names each fault and its line.</exception>
    public static Scenario Read(string path)
    {
        string json;
        try
        {
            json = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ScenarioException($"The scenario's file cannot be read: {failure.Message}", failure);
        }

        return Parse(json, path, Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    /// <summary>Reads JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it is from, for messages, and for the name if there is none in the text.</param>
    /// <param name="folder">Where files are that the scenario names, if it is not the current one.</param>
    /// <returns>The scenario, which can be run.</returns>
    /// <exception cref="ScenarioException">It is no scenario, or cannot be run; the message names each fault and its line.</exception>
    public static Scenario Parse(string json, string source = "scenario", string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (string.IsNullOrWhiteSpace(json))
        {
            throw new ScenarioException($"{source}(1): is empty; expected a scenario.");
        }

        Scenario scenario;
        try
        {
            scenario = JsonSerializer.Deserialize<Scenario>(json, Format)
                ?? throw new ScenarioException($"{source}(1): is null; expected a scenario.");
        }
        catch (JsonException failure)
        {
            throw new ScenarioException($"{source}({(failure.LineNumber ?? 0) + 1}): {Explain(failure)}", failure);
        }
        catch (NotSupportedException failure) when (Place().Match(failure.Message) is { Success: true } place)
        {
            // A choice without its kind. This exception has its place in its message alone.
            var line = int.Parse(place.Groups["line"].Value, CultureInfo.InvariantCulture) + 1;
            throw new ScenarioException($"{source}({line}): {Unexpected(place.Groups["path"].Value)}", failure);
        }

        var lines = JsonLines.Of(json);
        if (!lines.Contain("name"))
        {
            scenario = scenario with { Name = Path.GetFileNameWithoutExtension(source) };
        }

        scenario = WithMeasuredTimes(scenario, source, lines, folder ?? Directory.GetCurrentDirectory());
        var faults = ScenarioValidator.Validate(scenario);
        return faults.Count == 0
            ? scenario
            : throw new ScenarioException(string.Join(Environment.NewLine, faults.Select(fault => $"{source}({lines.LineOf(fault.Path)}): {fault}")));
    }

    private static JsonSerializerOptions CreateFormat()
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
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepWhatIsData, AllowSchema } },
            Converters = { new DurationConverter(), new HttpMethodConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }

    // Functions cannot stand in a file. What has no setter is filled in place.
    private static void KeepWhatIsData(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var property = type.Properties[i];
            if (typeof(Delegate).IsAssignableFrom(property.PropertyType))
            {
                type.Properties.RemoveAt(i);
            }
            else if (property.Set is null && type.Type.Assembly == typeof(LoadBalancingOptions).Assembly)
            {
                property.ObjectCreationHandling = JsonObjectCreationHandling.Populate;
            }
        }
    }

    // Editors find the schema by this property, which is nothing to the simulation.
    private static void AllowSchema(JsonTypeInfo type)
    {
        if (type.Type == typeof(Scenario))
        {
            var schema = type.CreateJsonPropertyInfo(typeof(string), "$schema");
            schema.Set = static (_, _) => { };
            type.Properties.Add(schema);
        }
    }

    private static Scenario WithMeasuredTimes(Scenario scenario, string source, JsonLines lines, string folder)
    {
        var groups = new List<BackendGroup>();
        foreach (var group in scenario.Backends)
        {
            if (group.Service is not MeasuredTime { File: { } file } measured)
            {
                groups.Add(group);
                continue;
            }

            try
            {
                groups.Add(group with { Service = measured with { Milliseconds = ReadTimes(Path.Combine(folder, file)) } });
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
            {
                var path = $"backends[{groups.Count}].service.file";
                throw new ScenarioException($"{source}({lines.LineOf(path)}): {path} is '{file}': {failure.Message}", failure);
            }
        }

        return scenario with { Backends = groups };
    }

    private static List<double> ReadTimes(string path)
    {
        var times = new List<double>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            times.Add(double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var time) && time > 0
                ? time
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"its line {number} is '{line}'; expected a time in milliseconds, above 0.")));
        }

        return times;
    }

    private static string Explain(JsonException failure)
    {
        var message = Position().Replace(failure.Message, "").TrimEnd('.', ' ');
        if (Unmapped().Match(message) is { Success: true } unmapped)
        {
            return $"'{unmapped.Groups[1].Value}' is not known here.{KnownIn(unmapped.Groups[2].Value)}";
        }

        if (Null().Match(message) is { Success: true } isNull)
        {
            return $"'{isNull.Groups[1].Value}' is null; leave it out, or give it a value.";
        }

        var path = failure.Path?.TrimStart('$', '.') ?? "";
        if (message.Length == 0 || message.StartsWith("Read unrecognized type discriminator", StringComparison.Ordinal))
        {
            return Unexpected(path);
        }

        message = OfType().Replace(message, "");
        return path.Length == 0 ? $"{message}." : $"{path}: {message}.";
    }

    private static string Unexpected(string path)
    {
        var expected = JsonShape.ExpectedAt(path, Format) ?? "something else";
        return path.Length == 0 ? $"expected {expected}." : $"{path}: expected {expected}.";
    }

    private static string KnownIn(string typeName)
    {
        var type = typeof(ScenarioFile).Assembly.GetType(typeName) ?? typeof(LoadBalancingOptions).Assembly.GetType(typeName);
        if (type is null)
        {
            return "";
        }

        var names = Format.GetTypeInfo(type).Properties.Select(static property => property.Name).Where(static name => name != "$schema");
        return $" Known are {string.Join(", ", names)}.";
    }

    [GeneratedRegex(@"\s*(The JSON value could not be converted to \S+\s*)?Path: .*$", RegexOptions.Singleline)]
    private static partial Regex Position();

    [GeneratedRegex(@"Path: \$\.?(?<path>\S*) \| LineNumber: (?<line>\d+)")]
    private static partial Regex Place();

    [GeneratedRegex("^The JSON property '(.+)' could not be mapped to any .NET member contained in type '(.+)'$")]
    private static partial Regex Unmapped();

    [GeneratedRegex("^The property or field '(.+)' on type '.+' doesn't allow")]
    private static partial Regex Null();

    [GeneratedRegex(@"\s(encountered )?during deserialization of type '[^']+'")]
    private static partial Regex OfType();

    private sealed class DurationConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new JsonException($"is {Encoding.UTF8.GetString(reader.ValueSpan)}; expected a time such as \"10ms\", \"1.5s\", \"2m\" or \"00:01:30\"");
            }

            var text = reader.GetString()!;
            return Duration.TryParse(text, out var time)
                ? time
                : throw new JsonException($"is '{text}'; expected a time such as \"10ms\", \"1.5s\", \"2m\" or \"00:01:30\"");
        }

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("c", CultureInfo.InvariantCulture));
    }

    private sealed class HttpMethodConverter : JsonConverter<HttpMethod>
    {
        public override HttpMethod Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            HttpMethod.Parse(reader.GetString());

        public override void Write(Utf8JsonWriter writer, HttpMethod value, JsonSerializerOptions options) => writer.WriteStringValue(value.Method);
    }
}
