using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Simulator.Tests.Layers;

/// <summary>Tests the rules themselves, on a project with the layers Low and High.</summary>
public sealed class LayerRulesTests
{
    private const string High = """
        namespace App.High;

        internal class Tower { internal static int Count; internal int Height; }

        internal static class TowerExtensions { internal static int Double(this int number) => 2 * number; }

        internal enum Colour { Red }
        """;

    [Theory]
    [InlineData("private App.High.Tower? _field;")]
    [InlineData("private Tower[] _field = [];")]
    [InlineData("private System.Collections.Generic.List<Tower> _field = [];")]
    [InlineData("private int Method() => Tower.Count;")]
    [InlineData("private bool Method(object x) => x is Tower;")]
    [InlineData("private string Method() => $\"{Tower.Count}\";")]
    [InlineData("private Tower Tower { get; } = new();")]
    [InlineData("private int Method() => 3.Double();", "TowerExtensions")]
    [InlineData("private int Method() => (int)Colour.Red;", "Colour")]
    public void A_use_of_a_higher_layer_is_reported_with_file_and_type(string member, string type = "Tower")
    {
        var uses = Check(member, High).FindWrongUses();

        Assert.Contains($"Low/House.cs(5) uses {type}, which is in the layer High above it.", uses);
        Assert.All(uses, use => Assert.Contains($" uses {type},", use, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("private int Tower { get; set; }")]
    [InlineData("private int Tower; private int Method() => Tower + this.Tower;")]
    [InlineData("private (int Tower, int Colour) Method() => (Tower: 1, Colour: 2);")]
    [InlineData("private House Method(House x) => new() { Next = x is { Next: null } ? x.Next : x };")]
    [InlineData("internal int Tower() => new House().Tower();")]
    [InlineData("private enum Kind { Tower, Colour } private Kind Method() => Kind.Tower;")]
    [InlineData("private class Tower { internal static int Count; } private int Method() => Tower.Count;")]
    [InlineData("/* Tower */ private string Method() => \"Tower\" + nameof(Method); // Tower")]
    [InlineData("/// <summary>See <see cref=\"App.High.Tower\"/>.</summary>\nprivate int _field;")]
    public void A_name_that_only_looks_like_a_type_of_a_higher_layer_is_not_reported(string member) =>
        Assert.Empty(Check(member, High).FindWrongUses());

    [Fact]
    public void A_use_of_a_lower_layer_is_not_reported() =>
        Assert.Empty(Check("", "namespace App.High; internal class Tower { internal App.Low.House? House; }").FindWrongUses());

    [Fact]
    public void A_type_in_the_wrong_namespace_a_file_in_no_layer_and_an_empty_layer_are_reported()
    {
        var rules = new LayerRules("App", ["Low", "High", "Roof"],
        [
            ("Low/A.cs", "namespace App; internal class A; public class B;"),
            ("High/C.cs", "namespace App.High; internal class C { public class Nested; } public delegate void D();"),
            ("Cellar/E.cs", "namespace App.Cellar; internal class E;"),
        ]);

        Assert.Equal(
            [
                "The layer Roof has no file.",
                "Cellar/E.cs is in no layer.",
                "Low/A.cs has the internal type A in the namespace App.",
                "High/C.cs has the public type D in the namespace App.High.",
            ],
            rules.FindMisplacedTypes());
    }

    private static LayerRules Check(string member, string high) => new("App", ["Low", "High"],
    [
        ("Low/House.cs", $"using App.High;\nnamespace App.Low;\ninternal class House\n{{\n{member} internal House? Next;\n}}"),
        ("High/Tower.cs", high),
    ]);
}
