namespace ClientSideLb;

/// <summary>Options of the live page.</summary>
public sealed class LoadBalancingPageOptions
{
    /// <summary>Gets or sets a value indicating whether everyone who may see the page may also drain and resume endpoints with it.</summary>
    /// <value>The default value is <see langword="false"/>: the page is read-only.</value>
    public bool AllowChanges { get; set; }
}
