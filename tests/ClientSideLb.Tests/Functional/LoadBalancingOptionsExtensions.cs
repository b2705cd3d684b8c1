namespace ClientSideLb.Tests.Functional;

internal static class LoadBalancingOptionsExtensions
{
    internal static void AddEndpoints(this LoadBalancingOptions options, params IEnumerable<Uri> addresses)
    {
        foreach (var address in addresses)
        {
            options.Endpoints.Add(new EndpointOptions { Address = address });
        }
    }

    internal static void AddEndpoints(this LoadBalancingOptions options, IEnumerable<Backend> backends) =>
        options.AddEndpoints(backends.Select(static backend => backend.Address));
}
