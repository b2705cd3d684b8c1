namespace ClientSideLb.Packaging.Tests;

public sealed class PublicApiFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_release_moves_what_is_new_and_drops_what_is_gone()
    {
        Write("Shipped", "#nullable enable", "A.Kept() -> void", "A.Removed() -> void");
        Write("Unshipped", "#nullable enable", "*REMOVED*A.Removed() -> void", "A", "A.Added() -> void");

        PublicApiFiles.Ship(_folder.FullName);

        Assert.Equal("#nullable enable\nA\nA.Added() -> void\nA.Kept() -> void\n", Read("Shipped"));
        Assert.Equal("#nullable enable\n", Read("Unshipped"));
    }

    [Fact]
    public void A_release_without_changes_changes_nothing()
    {
        Write("Shipped", "#nullable enable", "A", "A.Kept() -> void");
        Write("Unshipped", "#nullable enable");

        PublicApiFiles.Ship(_folder.FullName);

        Assert.Equal("#nullable enable\nA\nA.Kept() -> void\n", Read("Shipped"));
        Assert.Equal("#nullable enable\n", Read("Unshipped"));
    }

    [Fact]
    public void A_folder_without_lists_gets_none()
    {
        PublicApiFiles.Ship(_folder.FullName);

        Assert.Empty(_folder.GetFiles());
    }

    private string PathOf(string list) => Path.Combine(_folder.FullName, $"PublicAPI.{list}.txt");

    private void Write(string list, params string[] lines) => File.WriteAllLines(PathOf(list), lines);

    private string Read(string list) => File.ReadAllText(PathOf(list));
}
