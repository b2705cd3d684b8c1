namespace ClientSideLb.Consul.Instances;

/// <summary>Sums up the checks of an instance, as Consul does.</summary>
internal static class CheckSummary
{
    private const string NodeMaintenance = "_node_maintenance";
    private const string ServiceMaintenance = "_service_maintenance:";

    internal static CheckStatus Of(IEnumerable<CheckDocument?>? checks) =>
        checks?.OfType<CheckDocument>().Select(Of).DefaultIfEmpty().Max() ?? CheckStatus.Passing;

    private static CheckStatus Of(CheckDocument check) => check switch
    {
        // Consul shows maintenance as a critical check with a name of its own.
        { CheckID: NodeMaintenance } => CheckStatus.Maintenance,
        { CheckID: { } id } when id.StartsWith(ServiceMaintenance, StringComparison.Ordinal) => CheckStatus.Maintenance,
        { Status: "maintenance" } => CheckStatus.Maintenance,
        { Status: "critical" } => CheckStatus.Critical,
        { Status: "warning" } => CheckStatus.Warning,
        _ => CheckStatus.Passing,
    };
}
