using System.Net;
using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Picking;

/// <summary>Picks of this library and of YARP from as many endpoints, to be measured side by side.</summary>
internal static class PickContenders
{
    // Twenty characters, as a session's or a user's id may have.
    internal const string Key = "user-0123456789-abcd";

    internal static readonly IPAddress ClientIp = IPAddress.Parse("192.0.2.17");

    internal static Contender Own(string strategy, int endpoints)
    {
        var random = Random.Shared;
        var picker = Pickers.Create(strategy, endpoints, random);
        return new Contender($"{strategy} {endpoints}", count =>
        {
            var context = new PickContext(random, Key, ClientIp);
            for (var i = 0; i < count; i++)
            {
                picker.Pick(in context);
            }
        });
    }

    internal static Contender? Yarp(string strategy, int endpoints)
    {
        var policy = YarpPolicy.TryCreate(strategy, endpoints);
        return policy is null ? null : new Contender($"YARP {strategy} {endpoints}", count =>
        {
            for (var i = 0; i < count; i++)
            {
                policy.Pick();
            }
        });
    }
}
