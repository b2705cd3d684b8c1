namespace ClientSideLb.Clusters;

/// <summary>The properties of a request that limit its endpoints and attempts, whatever the strategy.</summary>
/// <param name="HttpsOnly">Whether the request must not be sent over plain http.</param>
/// <param name="IsReplayable">
/// Whether the request can be sent again if it fails. Such requests are preferred for the trial of an ejected endpoint.
/// </param>
internal readonly record struct EndpointNeeds(bool HttpsOnly, bool IsReplayable);
