using System.Globalization;

namespace ClientSideLb.Simulator;

/// <summary>Where simulated backends are: in 10.0.0.0/8, by their number.</summary>
internal static class BackendAddress
{
    /// <summary>Gets how a backend is described to clients.</summary>
    internal static EndpointDescription Of(int index, int weight) => new(
        new EndpointAddress(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://10.{index >> 16}.{(index >> 8) & 255}.{index & 255}:8080/"))), weight);
}
