using System.Globalization;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>The addresses under which service discovery lists the backends. They are in 10.0.0.0/8, in the order of the backends.</summary>
internal sealed class BackendAddresses
{
    private readonly EndpointDescription[] _descriptions;
    private readonly Dictionary<EndpointAddress, int> _indices = [];

    /// <param name="backends">The properties of each backend.</param>
    internal BackendAddresses(IEnumerable<BackendGroup> backends)
    {
        _descriptions =
        [
            .. backends.Select(static (backend, index) =>
                new EndpointDescription(CreateAddress(index), backend.Weight, backend.Zone, Priority: backend.Priority)),
        ];
        for (var i = 0; i < _descriptions.Length; i++)
        {
            _indices.Add(_descriptions[i].Address, i);
        }
    }

    /// <summary>Gets the index of the backend behind an endpoint.</summary>
    internal int IndexOf(ClusterEndpoint endpoint) => _indices[endpoint.Location];

    /// <summary>Tells whether an endpoint is the given backend.</summary>
    internal bool IsAt(ClusterEndpoint endpoint, int backend) => ReferenceEquals(endpoint.Location, _descriptions[backend].Address);

    /// <summary>Lists backends as service discovery does.</summary>
    internal EndpointDescription[] Describe(IEnumerable<int> backends) => [.. backends.Select(backend => _descriptions[backend])];

    private static EndpointAddress CreateAddress(int index) =>
        new(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://10.{index >> 16}.{(index >> 8) & 255}.{index & 255}:8080/")));
}
