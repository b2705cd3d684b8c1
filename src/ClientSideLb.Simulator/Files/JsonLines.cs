using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClientSideLb.Simulator.Files;

/// <summary>Maps the values of a JSON text to their lines.</summary>
internal sealed class JsonLines
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);

    private JsonLines()
    {
    }

    internal static JsonLines Read(string json)
    {
        var lines = new JsonLines();
        var text = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        reader.Read();
        lines.Read(ref reader, text, "");
        return lines;
    }

    /// <summary>Tells whether the text contains a value.</summary>
    internal bool Contains(string path) => _lines.ContainsKey(path);

    /// <summary>Gets the line of a value. If the text does not contain it, gets the line of the innermost value around its place.</summary>
    internal int GetLine(string path)
    {
        while (path.Length > 0)
        {
            if (_lines.TryGetValue(path, out var line))
            {
                return line;
            }

            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return 1;
    }

    private void Read(ref Utf8JsonReader reader, byte[] text, string path)
    {
        var start = (int)reader.TokenStartIndex;
        _lines[path] = 1 + text.AsSpan(0, start).Count((byte)'\n');
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                Read(ref reader, text, path.Length == 0 ? name : $"{path}.{name}");
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                Read(ref reader, text, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
            }
        }
    }
}
