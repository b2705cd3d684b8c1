using System.Globalization;

namespace ClientSideLb.Benchmarks.Handling;

/// <summary>Sends one request after the other, to a few addresses over and over or to a new one each time.</summary>
internal sealed class RequestLoad(HttpMessageInvoker invoker, bool everNew, ResponseBody body)
{
    private const int Addresses = 16;

    private readonly Uri[] _repeated = [.. Enumerable.Range(0, Addresses).Select(AddressOf)];
    private int _next;

    internal async Task<int> SendAsync()
    {
        var number = _next++;
        using var request = new HttpRequestMessage(HttpMethod.Get, everNew ? AddressOf(number) : _repeated[number % Addresses]);
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        if (body != ResponseBody.None)
        {
            await response.Content.CopyToAsync(Stream.Null);
        }

        return (int)response.StatusCode;
    }

    private static Uri AddressOf(int number) => new(string.Create(CultureInfo.InvariantCulture, $"http://api/orders/{number}?page=1"));
}
