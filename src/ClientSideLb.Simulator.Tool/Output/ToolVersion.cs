using System.Reflection;

namespace ClientSideLb.Simulator.Tool;

/// <summary>The version of the tool.</summary>
internal static class ToolVersion
{
    /// <summary>Gets the version with the commit that it was built from, if the build knew it.</summary>
    internal static string Full { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    internal static string Short { get; } = Full.Split('+')[0];
}
