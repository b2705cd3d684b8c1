using System.Globalization;
using ClientSideLb.Endpoints;
using ClientSideLb.Strategies;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Configuration;

/// <summary>Finds all faults in a client's options at once. The message for a fault names the setting, its value and the expected values.</summary>
internal sealed class LoadBalancingOptionsValidator(StrategyCatalog strategies) : IValidateOptions<LoadBalancingOptions>
{
    private const double MaxOverprovisioning = 100;
    private const int MaxPointsPerWeight = 65536;

    public ValidateOptionsResult Validate(string? name, LoadBalancingOptions options)
    {
        var faults = new List<string>();
        void AddFault(string setting, FormattableString message) =>
            faults.Add($"Load balancing of client '{GeneratedName.Shorten(name ?? "")}': {setting} {message.ToString(CultureInfo.InvariantCulture)}");

        if (!strategies.TryGet(options.Strategy, out _))
        {
            AddFault(nameof(options.Strategy), $"is '{options.Strategy}'; known strategies are {strategies.Names}. Add a strategy of your own with AddLoadBalancingStrategy<T>().");
        }

        ValidateEndpoints(options.Endpoints, AddFault);

        if (options.HashKey is not null && !HashKeySyntax.TryParse(options.HashKey, out _))
        {
            AddFault(nameof(options.HashKey), $"is '{options.HashKey}'; expected {HashKeySyntax.Expected}.");
        }

        if (options.OverprovisioningFactor is not (>= 1 and <= MaxOverprovisioning))
        {
            AddFault(nameof(options.OverprovisioningFactor), $"is {options.OverprovisioningFactor}; expected a number from 1 to {MaxOverprovisioning}.");
        }

        ValidateSubset(options.Subset, AddFault);
        ValidateConcurrency(options.Concurrency, AddFault);
        ValidateRing(options.ConsistentHash, AddFault);
        ValidateMaglev(options.Maglev, AddFault);
        ValidatePeakEwma(options.PeakEwma, AddFault);

        HealthOptionsValidator.Validate(options, AddFault);

        if (!Enum.IsDefined(options.HostHeader))
        {
            AddFault(nameof(options.HostHeader), $"is {(int)options.HostHeader}; expected {string.Join(", ", Enum.GetNames<HostHeaderMode>())}.");
        }

        if (!Enum.IsDefined(options.UnknownServices))
        {
            AddFault(nameof(options.UnknownServices), $"is {(int)options.UnknownServices}; expected {string.Join(", ", Enum.GetNames<UnknownServiceMode>())}.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void ValidateEndpoints(IList<EndpointOptions> endpoints, Action<string, FormattableString> addFault)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < endpoints.Count; i++)
        {
            var setting = $"{nameof(LoadBalancingOptions.Endpoints)}[{i}]";
            var endpoint = endpoints[i];
            if (endpoint is null)
            {
                addFault(setting, $"is null; expected an endpoint with an Address.");
                continue;
            }

            if (endpoint.Weight is < 0 or > EndpointDescription.MaxWeight)
            {
                addFault($"{setting}.{nameof(endpoint.Weight)}", $"is {endpoint.Weight}; expected 0 (drained) to {EndpointDescription.MaxWeight}.");
            }

            if (endpoint.Priority is < 0 or > EndpointDescription.MaxPriority)
            {
                addFault($"{setting}.{nameof(endpoint.Priority)}", $"is {endpoint.Priority}; expected 0 (used first) to {EndpointDescription.MaxPriority}.");
            }

            if (EndpointAddress.FindFault(endpoint.Address) is { } reason)
            {
                addFault($"{setting}.{nameof(endpoint.Address)}", $"{reason}");
            }
            else if (!seen.TryAdd(new EndpointAddress(endpoint.Address).Key, i))
            {
                var first = seen[new EndpointAddress(endpoint.Address).Key];
                addFault($"{setting}.{nameof(endpoint.Address)}", $"is '{new EndpointAddress(endpoint.Address).Key}', which is the address of Endpoints[{first}] already; raise the Weight of that endpoint instead.");
            }
        }
    }

    private static void ValidateSubset(SubsetOptions subset, Action<string, FormattableString> addFault)
    {
        if (subset.Size < 1)
        {
            addFault($"{nameof(LoadBalancingOptions.Subset)}.{nameof(subset.Size)}", $"is {subset.Size}; expected 1 or more (20 or more is sensible), or none to use all endpoints.");
        }

        if (subset.ClientId is not null && string.IsNullOrWhiteSpace(subset.ClientId))
        {
            addFault(
                $"{nameof(LoadBalancingOptions.Subset)}.{nameof(subset.ClientId)}",
                $"is empty, so that all instances would use the same endpoints; expected a name of this instance, or none for a random identity.");
        }
    }

    private static void ValidateConcurrency(ConcurrencyOptions options, Action<string, FormattableString> addFault)
    {
        const string Section = nameof(LoadBalancingOptions.Concurrency);
        if (options.MaxInFlightPerEndpoint < 1)
        {
            addFault($"{Section}.{nameof(options.MaxInFlightPerEndpoint)}", $"is {options.MaxInFlightPerEndpoint}; expected 1 or more, or none for no limit.");
        }

        if (options.QueueLimit < 0)
        {
            addFault($"{Section}.{nameof(options.QueueLimit)}", $"is {options.QueueLimit}; expected 0 (no request waits) or more.");
        }

        if (options.WaitForOwner && options.QueueLimit == 0)
        {
            addFault($"{Section}.{nameof(options.WaitForOwner)}", $"is true, but no request may wait; expected a {nameof(options.QueueLimit)} above 0.");
        }

        HealthOptionsValidator.CheckTime(
            $"{Section}.{nameof(options.QueueTimeout)}", options.QueueTimeout, HealthOptionsValidator.Tick, HealthOptionsValidator.Longest, addFault);
    }

    private static void ValidateRing(ConsistentHashOptions ring, Action<string, FormattableString> addFault)
    {
        void CheckRange(string setting, int value, int min, int max)
        {
            if (value < min || value > max)
            {
                addFault($"{nameof(LoadBalancingOptions.ConsistentHash)}.{setting}", $"is {value}; expected {min} to {max}.");
            }
        }

        CheckRange(nameof(ring.PointsPerWeight), ring.PointsPerWeight, 1, MaxPointsPerWeight);
        CheckRange(nameof(ring.MaxRingSize), ring.MaxRingSize, 1, RingSettings.MaximumRingSize);
        CheckRange(nameof(ring.MinRingSize), ring.MinRingSize, 1, Math.Clamp(ring.MaxRingSize, 1, RingSettings.MaximumRingSize));
        CheckLoadFactor(nameof(LoadBalancingOptions.ConsistentHash), ring.LoadFactor, addFault);
    }

    private static void ValidateMaglev(MaglevOptions maglev, Action<string, FormattableString> addFault)
    {
        const int Min = MaglevSettings.MinimumTableSize;
        const int Max = MaglevSettings.MaximumTableSize;

        if (maglev.TableSize is < Min or > Max || !Primes.IsPrime(maglev.TableSize))
        {
            var below = Primes.AtMost(Math.Clamp(maglev.TableSize, Min, Max));
            var above = Primes.AtLeast(Math.Clamp(maglev.TableSize, Min, Max));
            addFault(
                $"{nameof(LoadBalancingOptions.Maglev)}.{nameof(maglev.TableSize)}",
                $"is {maglev.TableSize}; expected a prime from {Min} to {Max}. The nearest {(below == above ? $"is {below}" : $"are {below} and {above}")}.");
        }

        CheckLoadFactor(nameof(LoadBalancingOptions.Maglev), maglev.LoadFactor, addFault);
    }

    private static void CheckLoadFactor(string section, double? factor, Action<string, FormattableString> addFault)
    {
        if (factor is { } value && !(value >= 1 && double.IsFinite(value)))
        {
            addFault($"{section}.{nameof(ConsistentHashOptions.LoadFactor)}", $"is {value}; expected 1 or more (1.1 to 2 is sensible), or none for no bound.");
        }
    }

    private static void ValidatePeakEwma(PeakEwmaOptions options, Action<string, FormattableString> addFault)
    {
        void CheckTime(string setting, TimeSpan value, TimeSpan shortest) =>
            HealthOptionsValidator.CheckTime($"{nameof(LoadBalancingOptions.PeakEwma)}.{setting}", value, shortest, HealthOptionsValidator.Longest, addFault);

        CheckTime(nameof(options.DecayTime), options.DecayTime, HealthOptionsValidator.Shortest);
        CheckTime(nameof(options.DefaultLatency), options.DefaultLatency, HealthOptionsValidator.Tick);
        CheckTime(nameof(options.FailurePenalty), options.FailurePenalty, TimeSpan.Zero);
    }
}
