namespace ClientSideLb.PublicApi.Tests.Docs;

public sealed class OrdersClient(HttpClient http)
{
    public Task<string> FindAsync(int id) => http.GetStringAsync($"orders/{id}");
}
