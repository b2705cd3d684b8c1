using System.Text.Json.Serialization;

namespace ClientSideLb.Simulator;

/// <summary>The times at which clients send requests.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PoissonArrivals), "poisson")]
[JsonDerivedType(typeof(BurstArrivals), "bursts")]
[JsonDerivedType(typeof(ClosedLoopArrivals), "closed-loop")]
public abstract record Arrivals
{
    private protected Arrivals()
    {
    }
}
