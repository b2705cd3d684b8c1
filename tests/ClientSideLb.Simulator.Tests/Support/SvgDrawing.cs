using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ClientSideLb.Simulator.Tests.Support;

/// <summary>Reads a drawing as a viewer would see it. A drawing that is no well-formed XML is refused.</summary>
internal sealed partial class SvgDrawing
{
    private readonly XElement _root;

    internal SvgDrawing(string svg)
    {
        _root = XDocument.Parse(svg).Root!;
        Texts = [.. Find("text").Select(ReadText)];
        var lines = Find("path").Where(static path => HasClass(path, "line")).ToLookup(static path => HasClass(path.Parent!, "legend"), ReadLine);
        (DataLines, Samples) = ([.. lines[false]], [.. lines[true]]);
    }

    internal IReadOnlyList<SvgText> Texts { get; }

    internal IReadOnlyList<SvgLine> DataLines { get; }

    /// <summary>Gets the samples of the lines in the legend.</summary>
    internal IReadOnlyList<SvgLine> Samples { get; }

    internal double Width => (double)_root.Attribute("width")!;

    internal double Height => (double)_root.Attribute("height")!;

    internal string StyleSheet => Find("style").Single().Value;

    internal string Title => Find("title").Single().Value;

    internal string? this[string attribute] => (string?)_root.Attribute(attribute);

    /// <summary>Gets the levels of the colours that the cells of a heat map have.</summary>
    internal IEnumerable<int> HeatLevels => Find("path").Where(static path => HasClass(path, "heat")).Select(ReadLevel);

    /// <summary>Gets every number that is a place or a size.</summary>
    internal IEnumerable<double> Numbers =>
        from element in _root.Descendants()
        from attribute in element.Attributes()
        where attribute.Name.LocalName is "x" or "y" or "width" or "height" or "cx" or "cy" or "r" or "d"
        from Match match in Number().Matches(attribute.Value)
        select double.Parse(match.Value, CultureInfo.InvariantCulture);

    private static int ReadLevel(XElement path) =>
        int.Parse(((string)path.Attribute("class")!).Split(' ').Single(static name => name[0] == 'h' && name != "heat")[1..], CultureInfo.InvariantCulture);

    private static bool HasClass(XElement element, string name) => ((string?)element.Attribute("class") ?? "").Split(' ').Contains(name);

    private static SvgText ReadText(XElement text) => new(
        text.Value,
        (double)text.Attribute("x")!,
        (double)text.Attribute("y")!,
        (double)text.Attribute("font-size")!,
        (string?)text.Attribute("text-anchor") ?? "start",
        HasClass(text, "bold"));

    private static SvgLine ReadLine(XElement path) => new((string)path.Attribute("class")!, ReadPieces((string)path.Attribute("d")!));

    private static List<List<(double X, double Y)>> ReadPieces(string path) =>
    [
        .. path.Split('M', StringSplitOptions.RemoveEmptyEntries).Select(static piece => piece.Split('h')[0].Split('L').Select(static point =>
        {
            var place = point.Split(' ');
            return (double.Parse(place[0], CultureInfo.InvariantCulture), double.Parse(place[1], CultureInfo.InvariantCulture));
        }).ToList()),
    ];

    private IEnumerable<XElement> Find(string name) => _root.Descendants().Where(element => element.Name.LocalName == name);

    [GeneratedRegex("-?[0-9]+(\\.[0-9]+)?")]
    private static partial Regex Number();
}
