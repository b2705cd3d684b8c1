using Refit;

namespace ClientSideLb.Tests;

/// <summary>An interface for which Refit generates a client.</summary>
public interface IRefitApi
{
    [Get("/orders/{id}")]
    Task<string> FindAsync(int id);
}
