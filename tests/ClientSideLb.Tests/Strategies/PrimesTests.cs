namespace ClientSideLb.Tests;

public sealed class PrimesTests
{
    [Fact]
    public void The_primes_are_those_that_a_sieve_leaves()
    {
        const int Count = 2_000;
        var isComposite = new bool[Count];
        for (var i = 2; i < Count; i++)
        {
            for (var multiple = 2 * i; multiple < Count; multiple += i)
            {
                isComposite[multiple] = true;
            }
        }

        for (var i = 2; i < Count; i++)
        {
            Assert.Equal(!isComposite[i], Primes.IsPrime(i));
            Assert.False(isComposite[Primes.AtMost(i)]);
            Assert.True(Primes.AtMost(i) <= i && Enumerable.Range(Primes.AtMost(i) + 1, i - Primes.AtMost(i)).All(between => isComposite[between]));
        }
    }

    [Theory]
    [InlineData(-1, false, 2)]
    [InlineData(0, false, 2)]
    [InlineData(1, false, 2)]
    [InlineData(2, true, 2)]
    [InlineData(8, false, 11)]
    [InlineData(65_521, true, 65_521)]
    [InlineData(65_522, false, 65_537)]
    [InlineData(5_000_011, true, 5_000_011)]
    [InlineData(2_147_483_647, true, 2_147_483_647)]
    public void The_next_prime_is_found(int number, bool isPrime, int next)
    {
        Assert.Equal(isPrime, Primes.IsPrime(number));
        Assert.Equal(next, Primes.AtLeast(number));
    }
}
