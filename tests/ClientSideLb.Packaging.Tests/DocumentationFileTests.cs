using System.Xml.Linq;

namespace ClientSideLb.Packaging.Tests;

public sealed class DocumentationFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Only_what_others_can_use_is_documented()
    {
        var members = WriteDocumentation("""
            namespace Sample;

            /// <summary>Yes.</summary>
            public class Visible<T>
            {
                /// <summary>Yes.</summary>
                public Visible(System.Collections.Generic.List<T> items) { }

                /// <summary>No.</summary>
                internal Visible(int count) { }

                /// <summary>Yes.</summary>
                protected internal string Name { get; private set; } = "";

                /// <summary>No.</summary>
                private protected int Count { get; set; }

                /// <summary>Yes.</summary>
                protected virtual void Change<TKey>(TKey key, ref int[] values) { }

                /// <summary>No.</summary>
                internal void Change<TKey>(TKey key) { }

                /// <summary>Yes.</summary>
                public class Inner;

                /// <summary>No.</summary>
                private class Secret
                {
                    /// <summary>No, as its type cannot be seen.</summary>
                    public int Value;
                }
            }

            /// <summary>No.</summary>
            internal interface IHidden
            {
                /// <summary>No.</summary>
                void Run();
            }
            """);

        Assert.Equal(
            [
                "M:Sample.Visible`1.#ctor(System.Collections.Generic.List{`0})",
                "M:Sample.Visible`1.Change``1(``0,System.Int32[]@)",
                "P:Sample.Visible`1.Name",
                "T:Sample.Visible`1",
                "T:Sample.Visible`1.Inner",
            ],
            members.Keys.Order(StringComparer.Ordinal));
        Assert.All(members.Values, text => Assert.Equal("Yes.", text));
    }

    [Fact]
    public void A_member_with_a_type_of_an_assembly_that_is_not_there_stays()
    {
        var members = WriteDocumentation("""
            namespace Sample;

            /// <summary>Yes.</summary>
            public static class Extensions
            {
                /// <summary>Yes.</summary>
                public static void Wait(System.Net.Http.HttpClient client, System.Action<System.Net.Http.HttpClient> done) { }
            }
            """);

        Assert.Contains("M:Sample.Extensions.Wait(System.Net.Http.HttpClient,System.Action{System.Net.Http.HttpClient})", members.Keys);
    }

    private Dictionary<string, string> WriteDocumentation(string code)
    {
        var (assembly, documentation) = SampleAssembly.Compile(code);
        var source = Path.Combine(_folder.FullName, "source.xml");
        var image = Path.Combine(_folder.FullName, "Sample.dll");
        var target = Path.Combine(_folder.FullName, "made", "Sample.xml");
        File.WriteAllBytes(source, documentation);
        File.WriteAllBytes(image, assembly);

        DocumentationFile.Write(source, image, target);

        return XDocument.Load(target).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!, member => member.Value.Trim());
    }
}
