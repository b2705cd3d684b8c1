namespace ClientSideLb.Tests;

public sealed class DefaultBaseAddressTests
{
    [Theory]
    [InlineData("api", "https+http://api/")]
    [InlineData("Orders.V2", "https+http://orders.v2/")]
    [InlineData("_grpc.orders", "https+http://_grpc.orders/")]
    [InlineData("Typed<List<int>>", "https+http://typed-list-int/")]
    [InlineData("a/b?c", "https+http://a-b-c/")]
    [InlineData("", "https+http://default/")]
    [InlineData("日本", "https+http://default/")]
    public void The_host_is_the_client_s_name_without_the_characters_that_a_host_must_not_have(string name, string address) =>
        Assert.Equal(address, DefaultBaseAddress.For(name).AbsoluteUri);
}
