using System.IO.Hashing;
using System.Net;

namespace ClientSideLb.PublicApi.Tests.Strategies;

/// <summary>
/// The endpoint that the caller's IP address hashes to. If it is out, the next hash of the same address chooses another one, so an
/// outage moves the callers of that endpoint alone.
/// </summary>
public sealed class IpHashStrategy : ILoadBalancingStrategy
{
    public string Name => "MyIpHash";

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        // All clients must agree, in whatever order their discovery lists the endpoints.
        int[] order = [.. Enumerable.Range(0, endpoints.All.Count).OrderBy(index => endpoints.All[index].HashName, StringComparer.Ordinal)];
        return new Picker(
            Array.ConvertAll(order, index => endpoints.All[index]), Array.ConvertAll(order, endpoints.IsAvailable), endpoints.Available);
    }

    private sealed class Picker(ClusterEndpoint[] all, bool[] isAvailable, IReadOnlyList<ClusterEndpoint> available) : EndpointPicker
    {
        private const int MaxHashes = 64;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.ClientIp is not { } clientIp)
            {
                return context.FindPermitted(available, context.Next(available.Count));
            }

            for (var seed = 0; seed < MaxHashes; seed++)
            {
                var index = (int)(Hash(clientIp, seed) % (uint)all.Length);
                if (isAvailable[index] && !context.IsExcluded(all[index]))
                {
                    return all[index];
                }
            }

            return context.FindPermitted(available, 0);
        }

        private static ulong Hash(IPAddress address, int seed)
        {
            Span<byte> bytes = stackalloc byte[16];
            address.TryWriteBytes(bytes, out var length);
            return XxHash64.HashToUInt64(bytes[..length], seed);
        }
    }
}
