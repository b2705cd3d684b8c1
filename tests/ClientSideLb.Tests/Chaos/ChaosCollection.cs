namespace ClientSideLb.Tests.Chaos;

/// <summary>Tests with processes and load of their own. They run after the others and one at a time, so that the times they measure mean something.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ChaosCollection
{
    internal const string Name = "Chaos";
}
