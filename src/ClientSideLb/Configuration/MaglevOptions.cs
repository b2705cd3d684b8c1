using ClientSideLb.Strategies;

namespace ClientSideLb;

/// <summary>Options for the table of <see cref="LoadBalancingStrategies.Maglev"/> and for the load of its endpoints.</summary>
public sealed class MaglevOptions
{
    /// <summary>Gets or sets how many slots the table has.</summary>
    /// <value>
    /// A prime from 2 to 5000011. The default value is 65537, as in Envoy. Choose at least 100 slots for each endpoint: then the shares of equal endpoints
    /// differ by 1 % or less.
    /// </value>
    /// <remarks>
    /// A slot takes one byte if there are up to 256 endpoints, two bytes up to 65,536, and else four. So the default table takes 64 KiB or 128 KiB for
    /// each cluster. All clients that are to agree on the endpoint of a key need the same number of slots.
    /// </remarks>
    public int TableSize { get; set; } = MaglevSettings.Default.TableSize;

    /// <inheritdoc cref="ConsistentHashOptions.LoadFactor"/>
    public double? LoadFactor { get; set; }

    /// <summary>Creates settings from these options.</summary>
    internal MaglevSettings ToSettings() => new(TableSize, LoadFactor);
}
