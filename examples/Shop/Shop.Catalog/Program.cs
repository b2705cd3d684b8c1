using Shop.Catalog;

Product[] products =
[
    new(1, "Teapot", 24.50m),
    new(2, "Cup", 6.90m),
    new(3, "Spoon", 3.20m),
];

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHealthChecks();

var app = builder.Build();
var replica = app.Configuration.GetValue("Replica", 1);

app.MapHealthChecks("/healthz");
app.MapGet("/products", async (CancellationToken cancellationToken) =>
{
    await WorkAsync(cancellationToken);
    return new ProductList(replica, products);
});
app.MapGet("/products/{id:int}", async (int id, CancellationToken cancellationToken) =>
{
    await WorkAsync(cancellationToken);
    return Array.Find(products, product => product.Id == id) is { } found ? Results.Ok(found) : Results.NotFound();
});
app.Run();

// Stands for a database.
static Task WorkAsync(CancellationToken cancellationToken) => Task.Delay(Random.Shared.Next(5, 25), cancellationToken);
