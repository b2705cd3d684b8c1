namespace ClientSideLb.Shared;

/// <summary>The state of a service at one time, as far as its source knows it.</summary>
internal interface IServiceState
{
    /// <summary>Gets a value indicating whether the source knows the name, even if the service has no endpoint now.</summary>
    bool IsKnown { get; }

    /// <summary>Gets how many endpoints are known, whatever their health.</summary>
    int EndpointCount { get; }
}
