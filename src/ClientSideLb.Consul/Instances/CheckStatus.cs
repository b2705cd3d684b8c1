namespace ClientSideLb.Consul.Instances;

/// <summary>The status of all checks of an instance together. A higher one outdoes a lower one.</summary>
internal enum CheckStatus
{
    Passing,
    Warning,
    Critical,
    Maintenance,
}
