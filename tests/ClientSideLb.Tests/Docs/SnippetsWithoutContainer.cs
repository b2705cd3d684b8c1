namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/without-a-container.md.</summary>
internal static class SnippetsWithoutContainer
{
    internal static async Task ClientAsync()
    {
        using var http = BalancedHttpHandler.CreateClient("orders", options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1:8080") });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.2:8080") });
        });

        Console.WriteLine(await http.GetStringAsync("list"));
    }
}
