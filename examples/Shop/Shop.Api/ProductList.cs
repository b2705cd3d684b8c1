namespace Shop.Api;

/// <summary>All products.</summary>
/// <param name="Replica">The number of the replica that answered.</param>
/// <param name="Products">The products.</param>
internal sealed record ProductList(int Replica, IReadOnlyList<Product> Products);
