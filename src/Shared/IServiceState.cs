namespace ClientSideLb.Shared;

/// <summary>What a source knows of a service at one time.</summary>
internal interface IServiceState
{
    /// <summary>Gets a value indicating whether the source knows the name, even if the service has no endpoint now.</summary>
    bool IsKnown { get; }

    /// <summary>Gets how many endpoints are known, whatever their health.</summary>
    int EndpointCount { get; }
}
