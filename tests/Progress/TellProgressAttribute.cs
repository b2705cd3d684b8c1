using System.Globalization;
using System.Reflection;
using ClientSideLb.Tests.Progress;
using Xunit.v3;

[assembly: TellProgress]

namespace ClientSideLb.Tests.Progress;

/// <summary>Says every few seconds how many tests of the assembly have ended, so that whoever waits sees that the tests go on.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TellProgressAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static long _told = TimeProvider.System.GetTimestamp();
    private static int _ended;

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        var ended = Interlocked.Increment(ref _ended);
        var told = Volatile.Read(ref _told);
        var now = TimeProvider.System.GetTimestamp();
        if (TimeProvider.System.GetElapsedTime(told, now) >= Interval && Interlocked.CompareExchange(ref _told, now, told) == told)
        {
            TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{ended:N0} tests have ended."));
        }
    }
}
