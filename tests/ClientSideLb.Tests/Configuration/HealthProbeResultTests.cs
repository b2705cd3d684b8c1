namespace ClientSideLb.Tests;

public sealed class HealthProbeResultTests
{
    [Theory]
    [InlineData("line\r\nforged: line", "line  forged: line")]
    [InlineData("\u001b[31mred", " [31mred")]
    [InlineData("next\u0085line\u2028and\u2029paragraph", "next line and paragraph")]
    [InlineData("turned\u202eround", "turned round")]
    [InlineData("its disk is full: größer ✔", "its disk is full: größer ✔")]
    public void A_reason_has_no_control_characters(string reason, string shown) => Assert.Equal(shown, HealthProbeResult.Failed(reason).Reason);
}
