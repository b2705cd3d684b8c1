using System.Net;
using ClientSideLb.ChaosBackend;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

// A backend that is killed, hung and broken by the tests. It listens on the port it is given, with HTTP/2 if a second argument says "http2", and ends
// when its standard input does, so that it never outlives the test run. To its standard output it writes "listening", and then the id of each request that has one: what
// was received is known also of a backend that has been killed.
var port = int.Parse(args[0]);

_ = Task.Run(async () =>
{
    await using var input = Console.OpenStandardInput();
    while (await input.ReadAsync(new byte[64]) > 0)
    {
    }

    Environment.Exit(0);
});

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(
    IPAddress.Loopback, port, listen => listen.Protocols = args.Contains("http2") ? HttpProtocols.Http2 : HttpProtocols.Http1));

await using var app = builder.Build();
app.Run(new Behaviour(Console.Out).HandleAsync);
await app.StartAsync();
Console.WriteLine("listening");
await app.WaitForShutdownAsync();
