using CsCheck;

namespace ClientSideLb.Tests;

public sealed class ModulusTests
{
    [Fact]
    public void The_remainder_is_that_of_a_division() =>
        Gen.Select(Gen.Int[2, int.MaxValue], Gen.ULong).Sample(static (divisor, hash) =>
            Assert.Equal((int)(hash % (ulong)divisor), new Modulus(divisor).Of(hash)));

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(5_000_011)]
    public void Hashes_next_to_a_multiple_of_the_divisor_are_right(int divisor)
    {
        var modulus = new Modulus(divisor);
        ulong[] multiples = [0, (ulong)divisor, ulong.MaxValue / 2 / (ulong)divisor * (ulong)divisor, ulong.MaxValue / (ulong)divisor * (ulong)divisor];

        // The number before 0 and the one after the last hash wrap around.
        Assert.All(multiples, multiple =>
        {
            Assert.Equal(0, modulus.Of(multiple));
            Assert.Equal((int)(unchecked(multiple - 1) % (ulong)divisor), modulus.Of(unchecked(multiple - 1)));
            Assert.Equal((int)(unchecked(multiple + 1) % (ulong)divisor), modulus.Of(unchecked(multiple + 1)));
        });
        Assert.Equal((int)(ulong.MaxValue % (ulong)divisor), modulus.Of(ulong.MaxValue));
    }
}
