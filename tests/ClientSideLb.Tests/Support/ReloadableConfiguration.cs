using Microsoft.Extensions.Configuration;

namespace ClientSideLb.Tests;

/// <summary>A configuration that a test replaces as a whole, as when its file is saved.</summary>
internal sealed class ReloadableConfiguration : ConfigurationProvider, IConfigurationSource
{
    internal ReloadableConfiguration(params (string Key, string Value)[] settings)
    {
        Set(settings);
        Root = new ConfigurationBuilder().Add(this).Build();
    }

    internal IConfigurationRoot Root { get; }

    /// <summary>Replaces all settings: a key that is not among the new ones is removed.</summary>
    internal void Replace(params (string Key, string Value)[] settings)
    {
        Set(settings);
        OnReload();
    }

    IConfigurationProvider IConfigurationSource.Build(IConfigurationBuilder builder) => this;

    private void Set((string Key, string Value)[] settings) =>
        Data = settings.ToDictionary(static setting => setting.Key, string? (setting) => setting.Value, StringComparer.OrdinalIgnoreCase);
}
