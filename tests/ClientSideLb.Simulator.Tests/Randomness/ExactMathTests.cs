using ClientSideLb.Simulator.Randomness;

namespace ClientSideLb.Simulator.Tests.Randomness;

public sealed class ExactMathTests
{
    [Fact]
    public void The_logarithm_and_the_exponential_are_as_precise_as_their_documentation_says()
    {
        var random = new SeededRandom(1, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var x = Math.Pow(10, (random.NextDouble() * 40) - 20);
            Assert.Equal(Math.Log(x), ExactMath.Log(x), Math.Abs(Math.Log(x) * 1e-14) + 1e-16);

            var y = (random.NextDouble() * 100) - 50;
            Assert.Equal(1, ExactMath.Exp(y) / Math.Exp(y), 1e-13);
        }
    }
}
