using Microsoft.Extensions.Configuration;

namespace ClientSideLb.Configuration;

/// <summary>A section of the configuration that is bound to the options of a client, or of every client.</summary>
/// <param name="ClientName">The client, or <see langword="null"/> for every client.</param>
/// <param name="Section">The section.</param>
internal sealed record BoundSection(string? ClientName, IConfiguration Section)
{
    internal bool IsFor(string clientName) => ClientName is null || ClientName == clientName;

    /// <summary>Finds the keys that are not names of options, such as a name with a typing error.</summary>
    /// <remarks>
    /// If the whole configuration is bound, keys at its top level may belong to others, so only those below the names of options are examined.
    /// </remarks>
    internal IEnumerable<string> FindUnknownKeys() => OptionKeys.Root.FindUnknown(Section, isWhole: Section is IConfigurationRoot);
}
