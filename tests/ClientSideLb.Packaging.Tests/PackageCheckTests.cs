using System.Text;

namespace ClientSideLb.Packaging.Tests;

public sealed class PackageCheckTests : IDisposable
{
    private readonly SamplePackage _package = new();

    public void Dispose() => _package.Dispose();

    [Fact]
    public void A_complete_package_has_no_faults() => Assert.Empty(FindFaults());

    [Theory]
    [InlineData("icon")]
    [InlineData("readme")]
    [InlineData("projectUrl")]
    [InlineData("releaseNotes")]
    [InlineData("license")]
    public void A_text_of_the_metadata_that_is_missing_is_a_fault(string text)
    {
        _package.Metadata.Remove(text);

        Assert.Equal([$"has no {text}."], FindFaults());
    }

    [Fact]
    public void A_repository_without_a_commit_is_a_fault()
    {
        _package.Repository = "<repository type=\"git\" url=\"https://github.com/owner/name\" />";

        Assert.Equal(["does not say the commit of its repository."], FindFaults());
    }

    [Fact]
    public void An_icon_that_is_not_in_the_package_is_a_fault()
    {
        _package.Files.Remove("icon.png");

        Assert.Equal(["does not hold its icon icon.png."], FindFaults());
    }

    [Theory]
    [InlineData("[limits](docs/limits.md)")]
    [InlineData("[above](#above)")]
    [InlineData("![page](page.png)")]
    public void A_relative_link_in_the_readme_is_a_fault(string text)
    {
        _package.Files["README.md"] = Encoding.UTF8.GetBytes(text);

        Assert.Contains("leads nowhere", Assert.Single(FindFaults()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_assembly_without_symbols_is_a_fault()
    {
        _package.Symbols.Clear();

        Assert.Equal(["has a symbol package without lib/net10.0/ClientSideLb.Sample.pdb, or none."], FindFaults());
    }

    [Fact]
    public void A_package_without_an_assembly_is_a_fault()
    {
        _package.Files.Remove("lib/net10.0/ClientSideLb.Sample.dll");

        Assert.Equal(["has no assembly of its own."], FindFaults());
    }

    [Fact]
    public void Documentation_of_internal_members_is_a_fault()
    {
        _package.Compile("namespace Sample; /** <summary>Yes.</summary> */ public class Visible; /** <summary>No.</summary> */ internal class Hidden;");

        Assert.Equal(["documents what nobody else can see: T:Sample.Hidden."], FindFaults());
    }

    [Fact]
    public void A_visible_type_without_documentation_is_a_fault()
    {
        _package.Compile("namespace Sample; public class Visible;");

        Assert.Equal(["does not document T:Sample.Visible."], FindFaults());
    }

    [Fact]
    public void A_package_with_megabytes_that_nobody_needs_is_a_fault()
    {
        // What is random cannot be compressed.
        var content = new byte[PackageCheck.LargestSize];
        new Random(1).NextBytes(content);
        _package.Files["runtimes/other/native/library.so"] = content;

        Assert.EndsWith("and may have 15,000,000.", Assert.Single(FindFaults()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tool_needs_no_documentation()
    {
        _package.Repository += "<packageTypes><packageType name=\"DotnetTool\" /></packageTypes>";
        _package.Files.Remove("lib/net10.0/ClientSideLb.Sample.xml");

        Assert.Empty(FindFaults());
    }

    private string[] FindFaults()
    {
        using var package = new Package(_package.Write());
        return [.. PackageCheck.FindFaults(package)];
    }
}
