using System.Net;
using ClientSideLb.Benchmarks.EndToEnd.Children;

namespace ClientSideLb.Benchmarks.EndToEnd.Heterogeneous;

/// <summary>Makes the targets of a case.</summary>
internal sealed class CaseTargets(Case measured, ChildProcess backends, Clients clients, TimeSpan turn)
{
    /// <summary>The row of the gateway.</summary>
    internal const string NginxRow = "round robin through nginx";

    // As many keys and callers as give each backend its share, near enough.
    private const int Keys = 1000;

    private const ulong DearOneIn = 10;

    /// <summary>Makes one for each contender, and one for a gateway if there is one.</summary>
    internal IReadOnlyList<Target> Create(ChildProcess? nginx)
    {
        var begin = measured.StartsCold ? BeginCold() : null;
        List<Target> targets = [.. measured.Contenders.Select(contender => TargetOf(contender.Name, ClientOf(contender), null, begin))];
        if (nginx is not null)
        {
            targets.Add(TargetOf(NginxRow, clients.CreatePlain(nginx.Addresses[0]), nginx, begin));
        }

        return targets;
    }

    private HttpClient ClientOf(Contender contender) => clients.CreateBalanced(options =>
    {
        options.Strategy = contender.Strategy;
        options.OutlierDetection.Enabled = contender.OutlierDetection;
        if (contender.WithoutOdd)
        {
            foreach (var address in backends.Addresses.Where(static (_, backend) => backend != Case.OddBackend))
            {
                options.Endpoints.Add(new EndpointOptions { Address = address });
            }
        }
    });

    private Func<CancellationToken, Task> BeginCold()
    {
        var client = clients.CreatePlain(backends.Addresses[Case.OddBackend]);
        return async cancellationToken =>
        {
            using var response = await client.PostAsync(Backend.ColdPathOf(turn / 2), content: null, cancellationToken);
            response.EnsureSuccessStatusCode();
        };
    }

    private Target TargetOf(string name, HttpClient client, ChildProcess? gateway, Func<CancellationToken, Task>? begin) =>
        new(name, number => SendAsync(client, number), gateway, begin);

    private async Task<Answer> SendAsync(HttpClient client, long number)
    {
        var key = (int)(number % Keys);
        var kind = measured.HasDearRequests && IsDear(number) ? Backend.DearPath : "items";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{kind}/{key}");
        request.SetClientIp(new IPAddress([10, 0, (byte)(key >> 8), (byte)key]));
        using var response = await client.SendAsync(request);
        var isError = response.StatusCode == HttpStatusCode.InternalServerError;
        if (!isError)
        {
            response.EnsureSuccessStatusCode();
        }

        return new Answer((await response.Content.ReadAsByteArrayAsync())[0], isError);
    }

    // Mixed as SplitMix64 does, so that dear requests come as if at random, and yet are the same in each run.
    private static bool IsDear(long number)
    {
        var mixed = (ulong)number * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (mixed ^ (mixed >> 31)) % DearOneIn == 0;
    }
}
