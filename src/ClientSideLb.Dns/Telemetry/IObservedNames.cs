namespace ClientSideLb.Dns.Telemetry;

/// <summary>The names that are observed.</summary>
internal interface IObservedNames
{
    /// <summary>Gets the names and how many endpoints each has.</summary>
    IReadOnlyList<(string Name, int Endpoints)> Counts { get; }
}
