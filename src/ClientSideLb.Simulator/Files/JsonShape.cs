using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientSideLb.Simulator.Files;

/// <summary>Describes the values that a scenario's file can contain, for messages about other values.</summary>
internal static class JsonShape
{
    /// <summary>Describes the value that is expected at a path such as <c>backends[0].count</c>. The result is <see langword="null"/> for an unknown path.</summary>
    internal static string? DescribeExpected(string path, JsonSerializerOptions format) => FindType(path, format) switch
    {
        null => null,
        var type when type == typeof(int) => "a whole number",
        var type when type == typeof(double) => "a number",
        var type when type == typeof(bool) => "true or false",
        var type when type == typeof(string) || type == typeof(HttpMethod) => "a text in quotes",
        { IsEnum: true } type => $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}",
        var type when GetKinds(type).ToArray() is { Length: > 0 } kinds => $"{{ \"kind\": … }} with one of {string.Join(", ", kinds.Select(static kind => kind.TypeDiscriminator))}",
        var type when GetElement(type) is not null => "a list, [ … ]",
        _ => "an object, { … }",
    };

    private static Type? FindType(string path, JsonSerializerOptions format)
    {
        Type? type = typeof(Scenario);
        foreach (var step in path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            type = type is null ? null : step.EndsWith(']') ? GetElement(type) : FindProperty(type, step, format);
            type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        }

        return type;
    }

    private static Type? FindProperty(Type type, string name, JsonSerializerOptions format) =>
        GetKinds(type).Select(static kind => kind.DerivedType).Prepend(type)
            .SelectMany(candidate => format.GetTypeInfo(candidate).Properties)
            .FirstOrDefault(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))?.PropertyType;

    private static Type? GetElement(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : type.GetElementType();

    private static IEnumerable<JsonDerivedTypeAttribute> GetKinds(Type type) => type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false);
}
