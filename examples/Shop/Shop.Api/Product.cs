namespace Shop.Api;

/// <summary>A product of the catalog.</summary>
internal sealed record Product(int Id, string Name, decimal Price);
