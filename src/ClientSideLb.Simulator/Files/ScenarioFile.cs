using System.Text.Json;
using ClientSideLb.Simulator.Files;
using ClientSideLb.Simulator.Scenarios;

namespace ClientSideLb.Simulator;

/// <summary>Reads scenarios from JSON.</summary>
public static class ScenarioFile
{
    private const string FirstGroup = "clients[0]";

    /// <summary>Gets the JSON schema of a scenario, by which an editor completes and checks a file.</summary>
    public static string Schema
    {
        get
        {
            using var stream = typeof(ScenarioFile).Assembly.GetManifestResourceStream("scenario.schema.json")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads a scenario from a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The scenario, which is valid. If the file gives it no name, it has the name of the file.</returns>
    /// <exception cref="ScenarioException">The file cannot be read, or its scenario is not valid. The message names each fault and its line.</exception>
    public static Scenario Read(string path)
    {
        string json;
        try
        {
            json = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ScenarioException($"The scenario's file cannot be read: {failure.Message}", failure);
        }

        return Parse(json, path, Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    /// <summary>Reads a scenario from JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">The origin of the text. Messages begin with it, and the scenario is named after it if the text gives no name.</param>
    /// <param name="folder">The folder of files that the scenario names by a relative path. The default is the current folder.</param>
    /// <returns>The scenario, which is valid.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="ScenarioException">The text is no scenario, or the scenario is not valid. The message names each fault and its line.</exception>
    public static Scenario Parse(string json, string source = "scenario", string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (string.IsNullOrWhiteSpace(json))
        {
            throw new ScenarioException($"{source}(1): is empty; expected a scenario.");
        }

        var scenario = Deserialize(json, source);
        var lines = JsonLines.Read(json);
        if (!lines.Contains("name"))
        {
            scenario = scenario with { Name = Path.GetFileNameWithoutExtension(source) };
        }

        scenario = ReadMeasuredTimes(scenario, source, lines, folder ?? Directory.GetCurrentDirectory());
        var faults = ScenarioValidator.FindFaults(scenario);
        return faults.Count == 0
            ? scenario
            : throw new ScenarioException(string.Join(Environment.NewLine, faults.Select(fault => Explain(fault, source, lines))));
    }

    private static string Explain(ScenarioFault fault, string source, JsonLines lines)
    {
        // A single group need not be in a list.
        var path = lines.Contains(FirstGroup) ? fault.Path : fault.Path.Replace(FirstGroup, "clients", StringComparison.Ordinal);
        return $"{source}({lines.GetLine(path)}): {fault with { Path = path }}";
    }

    private static Scenario Deserialize(string json, string source)
    {
        var format = ScenarioFormat.Of(json);
        try
        {
            return JsonSerializer.Deserialize<Scenario>(json, format)
                ?? throw new ScenarioException($"{source}(1): is null; expected a scenario.");
        }
        catch (Exception failure) when (JsonFailure.TryExplain(failure, format, out var line, out var explanation))
        {
            throw new ScenarioException($"{source}({line}): {explanation}", failure);
        }
    }

    private static Scenario ReadMeasuredTimes(Scenario scenario, string source, JsonLines lines, string folder)
    {
        var groups = new List<BackendGroup>();
        foreach (var group in scenario.Backends)
        {
            if (group.Service is not MeasuredTime { File: { } file } measured)
            {
                groups.Add(group);
                continue;
            }

            try
            {
                groups.Add(group with { Service = measured with { Milliseconds = MeasuredTimesFile.Read(Path.Combine(folder, file)) } });
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
            {
                var path = $"backends[{groups.Count}].service.file";
                throw new ScenarioException($"{source}({lines.GetLine(path)}): {path} is '{file}': {failure.Message}", failure);
            }
        }

        return scenario with { Backends = groups };
    }
}
