using System.Globalization;
using ClientSideLb.Benchmarks.Handling;

namespace ClientSideLb.Benchmarks.Guarding;

/// <summary>Sends requests to one address over and over.</summary>
/// <remarks>
/// Of several addresses two may fall on the same place of the cache of rewritten ones, in some processes and not in others, and then
/// each request would allocate a little more. One address can do so at two endpoints, once in some hundred processes; it is then
/// measured again, and so each instance has an address of its own.
/// </remarks>
internal sealed class OneAddress(HttpMessageInvoker invoker, ResponseBody body)
{
    private static int _made;

    private readonly Uri _address = new(string.Create(CultureInfo.InvariantCulture, $"http://api/orders/{_made++:000}?page=1"));

    internal void Send(int count)
    {
        for (var i = 0; i < count; i++)
        {
            // The stub answers at once, and so does everything above it.
            SendAsync().GetAwaiter().GetResult();
        }
    }

    private async Task SendAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _address);
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        if (body != ResponseBody.None)
        {
            await response.Content.CopyToAsync(Stream.Null);
        }
    }
}
