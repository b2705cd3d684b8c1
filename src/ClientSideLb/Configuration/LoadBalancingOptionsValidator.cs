using System.Globalization;
using ClientSideLb.Endpoints;
using ClientSideLb.Strategies;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Configuration;

/// <summary>Names every fault of a client's options at once, each with the setting, its value and what is expected.</summary>
internal sealed class LoadBalancingOptionsValidator(StrategyCatalog strategies) : IValidateOptions<LoadBalancingOptions>
{
    private const int MaxWeight = ushort.MaxValue;
    private const int MaxPointsPerWeight = 65536;

    public ValidateOptionsResult Validate(string? name, LoadBalancingOptions options)
    {
        var faults = new List<string>();
        void Fault(string setting, FormattableString what) =>
            faults.Add($"Load balancing of client '{name}': {setting} {what.ToString(CultureInfo.InvariantCulture)}");

        if (!strategies.TryGet(options.Strategy, out _))
        {
            Fault(nameof(options.Strategy), $"is '{options.Strategy}'; known strategies are {strategies.Names}. A strategy of your own is added with AddLoadBalancingStrategy<T>().");
        }

        ValidateEndpoints(options.Endpoints, Fault);

        if (options.HashKey is not null && !HashKeySyntax.TryParse(options.HashKey, out _))
        {
            Fault(nameof(options.HashKey), $"is '{options.HashKey}'; expected {HashKeySyntax.Expected}.");
        }

        ValidateRing(options.ConsistentHash, Fault);

        HealthOptionsValidator.Validate(options, Fault);

        if (!Enum.IsDefined(options.HostHeader))
        {
            Fault(nameof(options.HostHeader), $"is {(int)options.HostHeader}; expected {string.Join(", ", Enum.GetNames<HostHeaderMode>())}.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void ValidateEndpoints(IList<EndpointOptions> endpoints, Action<string, FormattableString> fault)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < endpoints.Count; i++)
        {
            var setting = $"{nameof(LoadBalancingOptions.Endpoints)}[{i}]";
            var endpoint = endpoints[i];
            if (endpoint is null)
            {
                fault(setting, $"is null; expected an endpoint with an Address.");
                continue;
            }

            if (endpoint.Weight is < 0 or > MaxWeight)
            {
                fault($"{setting}.{nameof(endpoint.Weight)}", $"is {endpoint.Weight}; expected 0 (drained) to {MaxWeight}.");
            }

            if (EndpointAddress.FindFault(endpoint.Address) is { } reason)
            {
                fault($"{setting}.{nameof(endpoint.Address)}", $"{reason}");
            }
            else if (!seen.TryAdd(new EndpointAddress(endpoint.Address).Key, i))
            {
                var first = seen[new EndpointAddress(endpoint.Address).Key];
                fault($"{setting}.{nameof(endpoint.Address)}", $"is '{endpoint.Address}', which Endpoints[{first}] has already; give that one a higher Weight instead.");
            }
        }
    }

    private static void ValidateRing(ConsistentHashOptions ring, Action<string, FormattableString> fault)
    {
        void Range(string setting, int value, int min, int max)
        {
            if (value < min || value > max)
            {
                fault($"{nameof(LoadBalancingOptions.ConsistentHash)}.{setting}", $"is {value}; expected {min} to {max}.");
            }
        }

        Range(nameof(ring.PointsPerWeight), ring.PointsPerWeight, 1, MaxPointsPerWeight);
        Range(nameof(ring.MaxRingSize), ring.MaxRingSize, 1, RingSettings.MaximumRingSize);
        Range(nameof(ring.MinRingSize), ring.MinRingSize, 1, Math.Clamp(ring.MaxRingSize, 1, RingSettings.MaximumRingSize));
    }
}
