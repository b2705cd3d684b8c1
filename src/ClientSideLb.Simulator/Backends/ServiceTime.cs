using System.Text.Json.Serialization;

using ClientSideLb.Simulator.Randomness;

namespace ClientSideLb.Simulator;

/// <summary>The distribution of the time that a backend needs to serve a request.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantTime), "constant")]
[JsonDerivedType(typeof(ExponentialTime), "exponential")]
[JsonDerivedType(typeof(LognormalTime), "lognormal")]
[JsonDerivedType(typeof(ParetoTime), "pareto")]
[JsonDerivedType(typeof(MeasuredTime), "measured")]
public abstract record ServiceTime
{
    private protected ServiceTime()
    {
    }

    /// <summary>Gets the mean of the distribution in seconds.</summary>
    internal abstract double MeanSeconds { get; }

    /// <summary>Draws a time in nanoseconds.</summary>
    internal abstract double Draw(SeededRandom random);
}
