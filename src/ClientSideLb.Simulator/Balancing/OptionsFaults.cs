namespace ClientSideLb.Simulator.Balancing;

/// <summary>Checks the options of a balancer as production does.</summary>
internal static class OptionsFaults
{
    private const string Client = "simulated";
    private const string Prefix = $"Load balancing of client '{Client}': ";

    /// <summary>Finds the faults of options.</summary>
    /// <returns>For each fault the setting (<c>OutlierDetection.FailureRate</c>), and a text with its value and what is expected.</returns>
    internal static IEnumerable<(string Setting, string What)> Find(LoadBalancingOptions options)
    {
        foreach (var failure in new LoadBalancingOptionsValidator(BuiltInStrategies.Catalog).Validate(Client, options).Failures ?? [])
        {
            // The first word after the prefix is the setting.
            var words = failure.StartsWith(Prefix, StringComparison.Ordinal) ? failure[Prefix.Length..] : failure;
            var parts = words.Split(' ', 2);
            yield return (parts[0], parts[^1]);
        }
    }
}
