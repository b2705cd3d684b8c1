using ClientSideLb.Packaging;

// Makes and checks what goes into the packages. src/Directory.Build.targets and .ci/run call it.
try
{
    switch (args)
    {
        case ["readme", var source, var target, var root, var repository, var version]:
            ReadmeFile.Write(source, target, new RepositoryLinks(root, repository, $"v{version}"));
            return 0;

        case ["docs", var source, var assembly, var target]:
            DocumentationFile.Write(source, assembly, target);
            return 0;

        case ["check", var folder]:
            return Report(folder);

        case ["ship-api", .. var folders] when folders.Length > 0:
            Array.ForEach(folders, PublicApiFiles.Ship);
            return 0;

        default:
            Console.Error.WriteLine("""
                readme SOURCE TARGET ROOT REPOSITORY VERSION   writes a README whose links are absolute
                docs XML ASSEMBLY TARGET                       writes the documentation of what is visible outside of the assembly
                check FOLDER                                   checks the packages in a folder
                ship-api FOLDER...                             moves the public API of projects to what is released
                """);
            return 2;
    }
}
catch (PackagingException exception)
{
    // In this form, MSBuild shows it as an error of its own.
    Console.Error.WriteLine($"packaging : error PACK0001: {exception.Message}");
    return 1;
}

static int Report(string folder)
{
    var packages = Directory.GetFiles(folder, "*.nupkg").Order(StringComparer.Ordinal).ToArray();
    var faults = 0;
    foreach (var path in packages)
    {
        using var package = new Package(path);
        foreach (var fault in PackageCheck.FindFaults(package))
        {
            Console.WriteLine($"{package.Name}: {fault}");
            faults++;
        }
    }

    Console.WriteLine($"{packages.Length} packages checked, {faults} faults found");
    return faults == 0 && packages.Length > 0 ? 0 : 1;
}
