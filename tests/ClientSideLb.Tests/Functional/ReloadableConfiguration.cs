using Microsoft.Extensions.Configuration;

namespace ClientSideLb.Tests.Functional;

/// <summary>A configuration that a test replaces as a whole, as when its file is saved.</summary>
internal sealed class ReloadableConfiguration : ConfigurationProvider, IConfigurationSource
{
    internal ReloadableConfiguration(params (string Key, string Value)[] values)
    {
        Set(values);
        Root = new ConfigurationBuilder().Add(this).Build();
    }

    internal IConfigurationRoot Root { get; }

    /// <summary>Lists backends as service discovery reads them.</summary>
    internal static (string Key, string Value)[] Service(string name, params IEnumerable<Backend> backends) =>
        [.. backends.Select((backend, i) => ($"Services:{name}:{backend.Address.Scheme}:{i}", backend.Address.ToString()))];

    internal void Replace(params (string Key, string Value)[] values)
    {
        Set(values);
        OnReload();
    }

    IConfigurationProvider IConfigurationSource.Build(IConfigurationBuilder builder) => this;

    private void Set((string Key, string Value)[] values) =>
        Data = values.ToDictionary(static pair => pair.Key, string? (pair) => pair.Value, StringComparer.OrdinalIgnoreCase);
}
