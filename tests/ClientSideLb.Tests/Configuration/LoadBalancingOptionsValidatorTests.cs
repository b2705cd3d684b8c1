namespace ClientSideLb.Tests;

public sealed class LoadBalancingOptionsValidatorTests
{
    private readonly LoadBalancingOptionsValidator _validator =
        new(new StrategyCatalog([new RoundRobinStrategy(), new StubStrategy("Mine")]));

    [Fact]
    public void Valid_options_have_no_fault()
    {
        var options = Options();
        options.Strategy = "mine";
        options.HashKey = "cookie:session";
        options.ConsistentHash.MinRingSize = options.ConsistentHash.MaxRingSize = 8388608;
        options.PeakEwma.DecayTime = options.PeakEwma.DefaultLatency = TimeSpan.FromDays(1);
        options.PeakEwma.FailurePenalty = TimeSpan.Zero;
        options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://10.0.0.1/v1"), Weight = 0 });
        options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://10.0.0.1/v2"), Weight = 65535 });

        Assert.Empty(FaultsOf(options));
    }

    [Fact]
    public void The_same_ipv6_address_in_two_zones_is_two_endpoints_and_in_one_zone_it_is_one()
    {
        var options = Options();
        options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://[fe80::1%25eth0]:8080") });
        options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://[fe80::1%25eth1]:8080") });
        Assert.Empty(FaultsOf(options));

        options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://[fe80::1%eth1]:8080") });
        AssertNames(FaultsOf(options), ["Endpoints[2].Address", "Endpoints[1]"]);
    }

    [Fact]
    public void All_faults_are_named_at_once_each_with_client_setting_and_value()
    {
        var options = Options();
        options.Strategy = "RoundRobbing";
        options.HashKey = "body:user";
        options.HostHeader = (HostHeaderMode)7;
        options.UnknownServices = (UnknownServiceMode)8;
        options.OverprovisioningFactor = 0.9;
        (options.Subset.Size, options.Subset.ClientId) = (0, " ");
        (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit, options.Concurrency.QueueTimeout) = (0, -1, TimeSpan.Zero);
        options.ConsistentHash.PointsPerWeight = 0;
        options.ConsistentHash.MinRingSize = 2000;
        options.ConsistentHash.MaxRingSize = 1000;
        options.ConsistentHash.LoadFactor = 0.99;
        options.Maglev.TableSize = 65536;
        options.Maglev.LoadFactor = double.NaN;
        options.PeakEwma.DecayTime = TimeSpan.FromMilliseconds(9);
        options.PeakEwma.DefaultLatency = TimeSpan.Zero;
        options.PeakEwma.FailurePenalty = TimeSpan.FromSeconds(-1);
        options.Endpoints.Add(new EndpointOptions { Address = new Uri("ftp://10.0.0.1"), Weight = -1 });
        options.Endpoints.Add(new EndpointOptions { Weight = 65536, Priority = 128 });
        options.Endpoints.Add(null!);
        options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.4/a") });
        options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.4:80/a/") });

        var faults = FaultsOf(options);

        Assert.All(faults, static fault => Assert.Contains("'api'", fault, StringComparison.Ordinal));
        AssertNames(
            faults,
            ["Strategy", "'RoundRobbing'", "RoundRobin, Mine"],
            ["Endpoints[0].Weight", "-1", "65535"],
            ["Endpoints[0].Address", "'ftp'"],
            ["Endpoints[1].Weight", "65536"],
            ["Endpoints[1].Priority", "128", "127"],
            ["Endpoints[1].Address", "missing"],
            ["Endpoints[2]", "null"],
            ["Endpoints[4].Address", "http://10.0.0.4:80/a", "Endpoints[3]"],
            ["HashKey", "'body:user'", "'header:NAME'"],
            ["OverprovisioningFactor", "0.9", "1 to 100"],
            ["Subset.Size", "0", "1 or more"],
            ["Subset.ClientId", "empty"],
            ["Concurrency.MaxInFlightPerEndpoint", "0", "1 or more"],
            ["Concurrency.QueueLimit", "-1", "0 (no request waits) or more"],
            ["Concurrency.QueueTimeout", "00:00:00", "00:00:00.0010000", "1.00:00:00"],
            ["ConsistentHash.PointsPerWeight", "0", "65536"],
            ["ConsistentHash.MinRingSize", "2000", "1000"],
            ["ConsistentHash.LoadFactor", "0.99", "1 or more"],
            ["Maglev.TableSize", "65536", "prime", "5000011", "65521 and 65537"],
            ["Maglev.LoadFactor", "NaN", "1 or more"],
            ["PeakEwma.DecayTime", "00:00:00.0090000", "00:00:00.0100000", "1.00:00:00"],
            ["PeakEwma.DefaultLatency", "00:00:00", "00:00:00.0010000", "1.00:00:00"],
            ["PeakEwma.FailurePenalty", "-00:00:01", "00:00:00", "1.00:00:00"],
            ["HostHeader", "7", "Auto, Endpoint, Service"],
            ["UnknownServices", "8", "PassThrough, Refuse"]);
    }

    [Fact]
    public void A_request_cannot_wait_for_its_owner_if_no_request_may_wait()
    {
        var options = Options();
        options.Concurrency.WaitForOwner = true;

        Assert.Contains("Concurrency.WaitForOwner is true, but no request may wait; expected a QueueLimit above 0.", Assert.Single(FaultsOf(options)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-5, "is 2")]
    [InlineData(1, "is 2")]
    [InlineData(4, "are 3 and 5")]
    [InlineData(65535, "are 65521 and 65537")]
    [InlineData(5_000_010, "are 4999999 and 5000011")]
    [InlineData(5_000_012, "is 5000011")]
    [InlineData(int.MaxValue, "is 5000011")]
    public void A_table_size_that_is_no_prime_or_too_large_is_refused_with_the_nearest_primes(int size, string nearest)
    {
        var options = Options();
        options.Maglev.TableSize = size;

        Assert.EndsWith($"Maglev.TableSize is {size}; expected a prime from 2 to 5000011. The nearest {nearest}.", Assert.Single(FaultsOf(options)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(7, 1.25)]
    [InlineData(5_000_011, 1000.0)]
    [InlineData(65537, null)]
    public void Primes_and_load_factors_from_1_are_accepted(int size, double? factor)
    {
        var options = Options();
        (options.Maglev.TableSize, options.Maglev.LoadFactor, options.ConsistentHash.LoadFactor) = (size, factor, factor);

        Assert.Empty(FaultsOf(options));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(65537, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 8388609)]
    [InlineData(1, 2, 1)]
    public void A_ring_size_out_of_range_is_one_fault(int pointsPerWeight, int min, int max)
    {
        var options = Options();
        (options.ConsistentHash.PointsPerWeight, options.ConsistentHash.MinRingSize, options.ConsistentHash.MaxRingSize) = (pointsPerWeight, min, max);

        Assert.Contains("ConsistentHash.", Assert.Single(FaultsOf(options)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://user:secret@10.0.0.1/")]
    [InlineData("http://secret@10.0.0.1/")]
    [InlineData("http://10.0.0.1/?token=secret")]
    [InlineData("ftp://user:secret@10.0.0.1/")]
    [InlineData("user:secret@10.0.0.1")]
    [InlineData("//user:secret@10.0.0.1/")]
    public void A_password_in_an_address_is_never_shown(string address)
    {
        var options = Options();
        options.Endpoints.Add(new EndpointOptions { Address = new Uri(address, UriKind.RelativeOrAbsolute) });
        options.Endpoints.Add(new EndpointOptions { Address = new Uri(address, UriKind.RelativeOrAbsolute) });

        var faults = FaultsOf(options);

        Assert.NotEmpty(faults);
        Assert.All(faults, static fault => Assert.DoesNotContain("secret", fault, StringComparison.Ordinal));
    }

    private static LoadBalancingOptions Options() => new() { Strategy = LoadBalancingStrategies.RoundRobin };

    private static void AssertNames(List<string> faults, params string[][] expected)
    {
        Assert.Equal(expected.Length, faults.Count);
        foreach (var parts in expected)
        {
            Assert.Single(faults, fault => parts.All(part => fault.Contains(part, StringComparison.Ordinal)));
        }
    }

    private List<string> FaultsOf(LoadBalancingOptions options) => [.. _validator.Validate("api", options).Failures ?? []];
}
