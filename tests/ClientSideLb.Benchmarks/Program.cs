using ClientSideLb.Benchmarks;
using ClientSideLb.Benchmarks.Changing;
using ClientSideLb.Benchmarks.Contending;
using ClientSideLb.Benchmarks.EndToEnd;
using ClientSideLb.Benchmarks.EndToEnd.Children;
using ClientSideLb.Benchmarks.EndToEnd.Heterogeneous;
using ClientSideLb.Benchmarks.Guarding;
using ClientSideLb.Benchmarks.Handling;
using ClientSideLb.Benchmarks.Picking;

switch (args.FirstOrDefault())
{
    case ChangeCommand.Name:
        return ChangeCommand.Run();
    case ContentionCommand.Name:
        return ContentionCommand.Run(args[1..]);
    case EndToEndCommand.Name:
        return await EndToEndCommand.RunAsync(args[1..]);
    case GuardCommand.Name:
        return GuardCommand.Run();
    case HandlerCommand.Name:
        return HandlerCommand.Run();
    case PickCommand.Name:
        return PickCommand.Run();
    case HeterogeneousCommand.Name:
        return await HeterogeneousCommand.RunAsync(args[1..]);
    case ChildRoles.Command:
        return await ChildRoles.RunAsync(args[1..]);
    default:
        return DetailCommand.Run(args);
}
