using ClientSideLb.AotSmoke;
using ClientSideLb.AotSmoke.Checks;

// Published ahead of time and trimmed, this touches whatever might not survive that. `dotnet test` cannot: it runs on the JIT.
var runner = new CheckRunner(Console.Out);
await StrategyChecks.RunAsync(runner);
await ConfigurationChecks.RunAsync(runner);
await DiscoveryChecks.RunAsync(runner);
await DnsChecks.RunAsync(runner);
await ConsulChecks.RunAsync(runner);
await KubernetesChecks.RunAsync(runner);
await TrafficChecks.RunAsync(runner);
await FaultChecks.RunAsync(runner);
return runner.Finish();
