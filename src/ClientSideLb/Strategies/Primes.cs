namespace ClientSideLb.Strategies;

/// <summary>Finds primes by trial division, which is fast enough for numbers of some millions.</summary>
internal static class Primes
{
    private const int Least = 2;

    internal static bool IsPrime(int number)
    {
        if (number < Least)
        {
            return false;
        }

        for (var divisor = Least; (long)divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Finds the least prime that is not below a number.</summary>
    internal static int AtLeast(int number)
    {
        var prime = Math.Max(Least, number);
        while (!IsPrime(prime))
        {
            prime++;
        }

        return prime;
    }

    /// <summary>Finds the greatest prime that is not above a number, which is 2 or more.</summary>
    internal static int AtMost(int number)
    {
        while (!IsPrime(number))
        {
            number--;
        }

        return number;
    }
}
