namespace ClientSideLb.AspNetCore.Status;

/// <summary>The names that clients send requests to and that no provider of service discovery knows.</summary>
/// <param name="Services">A limited number of them, in the order of clients and names.</param>
/// <param name="More">The number of further ones.</param>
internal sealed record UnknownServicesStatus(IReadOnlyList<UnknownServiceStatus> Services, int More);
