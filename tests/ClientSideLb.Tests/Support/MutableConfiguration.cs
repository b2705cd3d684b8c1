using Microsoft.Extensions.Configuration;

namespace ClientSideLb.Tests;

/// <summary>A configuration that a test replaces as a whole, keys that disappear included.</summary>
internal sealed class MutableConfiguration : ConfigurationProvider, IConfigurationSource
{
    internal MutableConfiguration(params (string Key, string? Value)[] settings)
    {
        Set(settings);
        Root = new ConfigurationBuilder().Add(this).Build();
    }

    internal IConfigurationRoot Root { get; }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Replaces all settings, and tells all who bound them.</summary>
    internal void Reload(params (string Key, string? Value)[] settings)
    {
        Set(settings);
        Root.Reload();
    }

    private void Set((string Key, string? Value)[] settings) =>
        Data = settings.ToDictionary(static setting => setting.Key, static setting => setting.Value, StringComparer.OrdinalIgnoreCase);
}
