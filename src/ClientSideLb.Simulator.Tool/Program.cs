using ClientSideLb.Simulator.Tool;

return await Cli.Create(Console.Out, Console.Error).Parse(args).InvokeAsync().ConfigureAwait(false);
