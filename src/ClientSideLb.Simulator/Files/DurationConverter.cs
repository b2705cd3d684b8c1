using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientSideLb.Simulator.Files;

/// <summary>Reads times in the forms of <see cref="Duration"/>.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    private const string Expected = "expected a time such as \"10ms\", \"1.5s\", \"2m\" or \"00:01:30\"";

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"is {Encoding.UTF8.GetString(reader.ValueSpan)}; {Expected}");
        }

        var text = reader.GetString()!;
        return Duration.TryParse(text, out var time) ? time : throw new JsonException($"is '{text}'; {Expected}");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("c", CultureInfo.InvariantCulture));
}
