using System.Net;

namespace Shop.Api;

/// <summary>The typed client of the catalog. It knows nothing of replicas.</summary>
internal sealed class CatalogClient(HttpClient http)
{
    internal async Task<ProductList> GetProductsAsync(CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<ProductList>("products", cancellationToken)
        ?? throw new HttpRequestException("The catalog's list of products is empty.");

    internal async Task<Product?> FindProductAsync(int id, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri($"products/{id}", UriKind.Relative), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Product>(cancellationToken);
    }
}
