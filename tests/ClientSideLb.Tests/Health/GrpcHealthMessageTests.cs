namespace ClientSideLb.Tests;

/// <summary>The bytes of the gRPC health checking protocol.</summary>
public sealed class GrpcHealthMessageTests
{
    [Theory]
    [InlineData("", "0000000000")]
    [InlineData("abc", "00000000050A03616263")]
    public void A_question_has_the_length_of_its_message_and_the_name_of_the_service(string service, string bytes) =>
        Assert.Equal(bytes, Convert.ToHexString(GrpcHealthMessage.CreateRequest(service)));

    [Fact]
    public void A_name_of_more_than_127_bytes_has_a_length_of_two_bytes() =>
        Assert.StartsWith("00000000CB0AC801", Convert.ToHexString(GrpcHealthMessage.CreateRequest(new string('a', 200))), StringComparison.Ordinal);

    [Theory]
    [InlineData("00000000020801", 1)]
    [InlineData("00000000020802", 2)]
    [InlineData("0000000000", 0)]
    [InlineData("000000000308FF01", 255)]
    [InlineData("000000000712036162630801", 1)]
    [InlineData("0000000004100508011801", null)]
    [InlineData("000000000410050801", 1)]
    [InlineData("00000000072100000000000000000801", null)]
    [InlineData("000000000B2100000000000000000801", 1)]
    [InlineData("0000000007250000000008010801", null)]
    [InlineData("000000000725000000000801", 1)]
    [InlineData("01000000020801", null)]
    [InlineData("00000000030801", null)]
    [InlineData("0000000001", null)]
    [InlineData("00000000010A", null)]
    [InlineData("00000000020A7F", null)]
    [InlineData("0000000001FF", null)]
    [InlineData("00000000010B", null)]
    [InlineData("000000000B08FFFFFFFFFFFFFFFFFF01", null)]
    [InlineData("000000000C08FFFFFFFFFFFFFFFFFFFF01", null)]
    [InlineData("", null)]
    public void The_status_is_read_out_of_a_whole_answer_only(string bytes, int? status) =>
        Assert.Equal(status, GrpcHealthMessage.ReadStatus(Convert.FromHexString(bytes)));
}
