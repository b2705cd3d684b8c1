using System.IO.Hashing;
using System.Text;
using CsCheck;

namespace ClientSideLb.Tests;

/// <summary>The subset of a client beside a plain model: sort all endpoints by their hash, and take the first ones.</summary>
public sealed class SubsetPropertyTests
{
    private const int Endpoints = 24;
    private const string ClientId = "pod-0";

    private static readonly Gen<(Change Kind, int Index)> GenChange = Gen.Select(Gen.Enum<Change>(), Gen.Int[0, Endpoints - 1]);

    [Fact]
    public void The_subset_is_the_first_endpoints_in_the_order_of_the_client_that_are_not_out()
    {
        Gen.Select(Gen.Int[1, 8], GenChange.List[1, 40]).Sample((size, changes) =>
        {
            var lab = Lab(size);
            var world = new World();
            foreach (var change in changes)
            {
                world.Apply(lab, change.Kind, change.Index);
                Assert.Equal(world.Model(size), lab.Cluster.Endpoints.Where(static endpoint => endpoint.HealthReason != "it is no longer listed").Select(static endpoint => endpoint.Address).ToHashSet());
            }
        });
    }

    [Fact]
    public void An_endpoint_that_comes_or_goes_or_goes_out_moves_one_other_at_most()
    {
        Gen.Select(Gen.Int[1, 8], GenChange.List[1, 40]).Sample((size, changes) =>
        {
            var lab = Lab(size);
            var world = new World();
            foreach (var (kind, index) in changes)
            {
                var before = Available(lab);
                world.Apply(lab, kind, index);
                var after = Available(lab);

                // The endpoint itself, and the one that it makes room for or that takes its place.
                Assert.InRange(before.Except(after).Union(after.Except(before)).Count(address => address != Backends.AddressOf(index)), 0, 1);
            }
        });
    }

    private static ClusterLab Lab(int size) => new(Endpoints, options =>
    {
        options.Subset.Size = size;
        options.Subset.ClientId = ClientId;
        options.ActiveHealthCheck.Enabled = true;
        options.ActiveHealthCheck.UnhealthyThreshold = 1;
    });

    private static HashSet<Uri> Available(ClusterLab lab) =>
        [.. lab.Cluster.Endpoints.Where(static endpoint => endpoint.Health is EndpointHealth.Healthy or EndpointHealth.Unknown).Select(static endpoint => endpoint.Address)];

    private enum Change
    {
        List,
        Unlist,
        Drain,
        Resume,
        Fail,
        Pass,
    }

    private sealed class World
    {
        private readonly HashSet<int> _listed = [.. Enumerable.Range(0, Endpoints)];
        private readonly HashSet<int> _drained = [];
        private readonly HashSet<int> _unhealthy = [];

        internal void Apply(ClusterLab lab, Change kind, int index)
        {
            switch (kind)
            {
                case Change.List:
                    _listed.Add(index);
                    lab.List([.. _listed]);
                    break;
                case Change.Unlist when _listed.Count > 1:
                    if (_listed.Remove(index))
                    {
                        _unhealthy.Remove(index);
                    }

                    lab.List([.. _listed]);
                    break;
                case Change.Drain:
                    if (lab.Cluster.TryDrain(Backends.AddressOf(index)))
                    {
                        _drained.Add(index);
                    }

                    break;
                case Change.Resume:
                    lab.Cluster.TryResume(Backends.AddressOf(index));
                    _drained.Remove(index);
                    break;
                case Change.Fail or Change.Pass:
                    Probe(lab, index, passes: kind == Change.Pass);
                    break;
            }
        }

        // As the prober does, the test probes only endpoints that the client uses.
        private void Probe(ClusterLab lab, int index, bool passes)
        {
            if (lab.Cluster.Endpoints.FirstOrDefault(endpoint => endpoint.Address == Backends.AddressOf(index)) is not { } endpoint)
            {
                return;
            }

            lab.Cluster.ObserveProbe(endpoint, passes, lab.Time.GetTimestamp());
            if (!passes)
            {
                _unhealthy.Add(index);
            }
            else
            {
                _unhealthy.Remove(index);
            }
        }

        internal HashSet<Uri> Model(int size)
        {
            var seed = (long)XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(ClientId));
            var used = new HashSet<Uri>();
            var wanted = size;
            foreach (var index in _listed.OrderBy(index => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(Backends.AddressOf(index).Authority), seed)))
            {
                if (wanted == 0)
                {
                    break;
                }

                used.Add(Backends.AddressOf(index));
                wanted -= _drained.Contains(index) || _unhealthy.Contains(index) ? 0 : 1;
            }

            return used;
        }
    }
}
