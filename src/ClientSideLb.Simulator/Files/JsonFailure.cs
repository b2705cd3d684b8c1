using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClientSideLb.Simulator.Files;

/// <summary>Explains exceptions of the JSON serializer in the terms of a scenario's file, without the names of .NET types.</summary>
internal static partial class JsonFailure
{
    /// <summary>Explains an exception, if it is about the JSON text.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="format">The format in which the text was read.</param>
    /// <param name="line">The line of the fault, counted from 1.</param>
    /// <param name="explanation">A sentence with the place of the fault, the value and what is expected.</param>
    internal static bool TryExplain(Exception failure, JsonSerializerOptions format, out long line, [NotNullWhen(true)] out string? explanation)
    {
        switch (failure)
        {
            case JsonException json:
                line = (json.LineNumber ?? 0) + 1;
                explanation = Explain(json, format);
                return true;

            // A value with several kinds has no kind. This exception has its place only in its message.
            case NotSupportedException when FindPlace().Match(failure.Message) is { Success: true } place:
                line = int.Parse(place.Groups["line"].Value, CultureInfo.InvariantCulture) + 1;
                explanation = ExplainExpected(place.Groups["path"].Value, format);
                return true;

            default:
                line = 0;
                explanation = null;
                return false;
        }
    }

    private static string Explain(JsonException failure, JsonSerializerOptions format)
    {
        var message = FindPosition().Replace(failure.Message, "").TrimEnd('.', ' ');
        if (FindUnknownProperty().Match(message) is { Success: true } unknown)
        {
            return $"'{unknown.Groups[1].Value}' is not known here.{ListProperties(unknown.Groups[2].Value, format)}";
        }

        if (FindMissing().Match(message) is { Success: true } missing)
        {
            var place = failure.Path?.TrimStart('$', '.') ?? "";
            return $"{(place.Length == 0 ? "" : $"{place}: ")}needs {missing.Groups[1].Value}.";
        }

        if (FindNull().Match(message) is { Success: true } isNull)
        {
            return $"'{isNull.Groups[1].Value}' is null; leave it out, or give it a value.";
        }

        var path = failure.Path?.TrimStart('$', '.') ?? "";
        if (message.Length == 0 || message.StartsWith("Read unrecognized type discriminator", StringComparison.Ordinal))
        {
            return ExplainExpected(path, format);
        }

        message = FindTypeName().Replace(message, "");
        return path.Length == 0 ? $"{message}." : $"{path}: {message}.";
    }

    private static string ExplainExpected(string path, JsonSerializerOptions format)
    {
        var expected = JsonShape.DescribeExpected(path, format) ?? "something else";
        return path.Length == 0 ? $"expected {expected}." : $"{path}: expected {expected}.";
    }

    private static string ListProperties(string typeName, JsonSerializerOptions format)
    {
        var type = typeof(ScenarioFile).Assembly.GetType(typeName) ?? typeof(LoadBalancingOptions).Assembly.GetType(typeName);
        if (type is null)
        {
            return "";
        }

        var names = format.GetTypeInfo(type).Properties.Select(static property => property.Name)
            .Where(static name => name != ScenarioFormat.SchemaProperty);
        return $" Known are {string.Join(", ", names)}.";
    }

    [GeneratedRegex(@"\s*(The JSON value could not be converted to \S+\s*)?Path: .*$", RegexOptions.Singleline)]
    private static partial Regex FindPosition();

    [GeneratedRegex(@"Path: \$\.?(?<path>\S*) \| LineNumber: (?<line>\d+)")]
    private static partial Regex FindPlace();

    [GeneratedRegex("^The JSON property '(.+)' could not be mapped to any .NET member contained in type '(.+)'$")]
    private static partial Regex FindUnknownProperty();

    [GeneratedRegex("^The property or field '(.+)' on type '.+' doesn't allow")]
    private static partial Regex FindNull();

    [GeneratedRegex("^JSON deserialization for type '.+' was missing required properties including: (.+)$")]
    private static partial Regex FindMissing();

    [GeneratedRegex(@"\s(encountered )?during deserialization of type '[^']+'")]
    private static partial Regex FindTypeName();
}
