namespace ClientSideLb.Clusters;

/// <summary>What a request needs of an endpoint, whatever the strategy.</summary>
/// <param name="HttpsOnly">Whether the request must not go over plain http.</param>
/// <param name="IsReplayable">Whether the request can be sent again if it fails, and so is the better trial of an ejected endpoint.</param>
internal readonly record struct EndpointNeeds(bool HttpsOnly, bool IsReplayable);
