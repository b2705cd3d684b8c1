namespace ClientSideLb.Tests;

public sealed class GeneratedNameTests
{
    private const string Refit = "Refit.Implementation.Generated+ShopIOrders, Shop, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null";

    [Theory]
    [InlineData(Refit, "ShopIOrders")]
    [InlineData("Shop.IOrders, Shop, Version=1.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089", "Shop.IOrders")]
    [InlineData(
        "Refit.Implementation.Generated+ShopIRepository`2[[Shop.Order, Shop, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null],[System.Int32, System.Private.CoreLib, Version=10.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e]], Shop, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null",
        "ShopIRepository<Shop.Order, System.Int32>")]
    public void The_name_of_a_type_with_its_assembly_becomes_the_type_alone(string name, string shown)
    {
        Assert.Equal(shown, GeneratedName.Shorten(name));
        Assert.True(GeneratedName.Is(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("orders")]
    [InlineData("Orders<Invoice>")]
    [InlineData("orders, eu")]
    [InlineData("orders, Version=2")]
    [InlineData("a+b, c, Version=x, Culture=neutral")]
    public void Any_other_name_stays_as_it_is(string name)
    {
        Assert.Equal(name, GeneratedName.Shorten(name));
        Assert.False(GeneratedName.Is(name));
    }

    [Fact]
    public void Two_clients_never_have_the_same_name_whichever_comes_first()
    {
        var other = Refit.Replace("Shop, Version", "Other, Version", StringComparison.Ordinal);

        foreach (var known in new string[][] { [Refit, other], [other, Refit] })
        {
            var names = new ClientNames(known);
            Assert.Equal((Refit, other), (names.Shorten(Refit), names.Shorten(other)));
        }
    }

    [Fact]
    public void A_client_that_appears_later_does_not_get_the_name_of_another_one()
    {
        var names = new ClientNames([Refit]);

        Assert.Equal("ShopIOrders", names.Shorten(Refit));
        Assert.Equal("ShopIOrders (2)", names.Shorten("ShopIOrders"));
        Assert.Equal("ShopIOrders (2)", names.Shorten("ShopIOrders"));
        Assert.Equal("api", names.Shorten("api"));
    }
}
