using System.Globalization;
using System.Text;
using System.Xml;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes SVG. Numbers have a point and at most one digit after it in every culture.</summary>
internal sealed class SvgWriter : IDisposable
{
    private readonly StringBuilder _text = new();
    private readonly XmlWriter _xml;

    internal SvgWriter(double width, double height, string title, string description)
    {
        _xml = XmlWriter.Create(_text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" });
        _xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        WriteAttributes([("width", Format(width)), ("height", Format(height)), ("viewBox", $"0 0 {Format(width)} {Format(height)}"), ("role", "img"), ("font-family", PlotTheme.FontFamily)]);
        _xml.WriteElementString("title", title);
        _xml.WriteElementString("desc", description);
        _xml.WriteElementString("style", PlotTheme.StyleSheet);
    }

    internal static string Format(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    public void Dispose() => _xml.Dispose();

    internal void Element(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _xml.WriteStartElement(name);
        WriteAttributes(attributes);
        _xml.WriteEndElement();
    }

    internal void BeginGroup(string style)
    {
        _xml.WriteStartElement("g");
        _xml.WriteAttributeString("class", style);
    }

    internal void EndGroup() => _xml.WriteEndElement();

    internal void Rectangle(string style, double x, double y, double width, double height) =>
        Element("rect", ("class", style), ("x", Format(x)), ("y", Format(y)), ("width", Format(width)), ("height", Format(height)));

    internal void Line(string style, double x1, double y1, double x2, double y2) =>
        Element("path", ("class", style), ("d", $"M{Format(x1)} {Format(y1)}L{Format(x2)} {Format(y2)}"));

    /// <summary>Writes a text. Its position is that of its base line.</summary>
    internal void Text(string text, double x, double y, double size, string? style = null, string? anchor = null)
    {
        _xml.WriteStartElement("text");
        if (style is not null)
        {
            _xml.WriteAttributeString("class", style);
        }

        WriteAttributes([("x", Format(x)), ("y", Format(y)), ("font-size", Format(size))]);
        if (anchor is not null)
        {
            _xml.WriteAttributeString("text-anchor", anchor);
        }

        _xml.WriteString(text);
        _xml.WriteEndElement();
    }

    /// <summary>Ends the drawing.</summary>
    /// <returns>The whole text.</returns>
    internal string End()
    {
        _xml.WriteEndElement();
        _xml.Flush();
        return _text.Append('\n').ToString();
    }

    private void WriteAttributes(ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            _xml.WriteAttributeString(name, value);
        }
    }
}
