using System.Net;

namespace FreshApps;

/// <summary>A backend in this process, at a port of this machine. It answers with its name.</summary>
internal sealed class Backend : IDisposable
{
    private readonly HttpListener _listener;

    private Backend(HttpListener listener, Uri address)
    {
        _listener = listener;
        Address = address;
        _ = AnswerAsync();
    }

    public Uri Address { get; }

    public static Backend Start()
    {
        while (true)
        {
            // The listener takes no free port by itself.
            var address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/";
            var listener = new HttpListener { Prefixes = { address } };
            try
            {
                listener.Start();
                return new Backend(listener, new Uri(address));
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }
    }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                context.Response.Close(System.Text.Encoding.UTF8.GetBytes(Address.Authority), willBlock: false);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // It has stopped.
        }
    }
}
