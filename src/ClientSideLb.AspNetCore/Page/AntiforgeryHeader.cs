namespace ClientSideLb.AspNetCore.Page;

/// <summary>The header with the antiforgery token, which each change must carry so that no other site can send it.</summary>
/// <param name="Name">The name of the header.</param>
/// <param name="Value">Its value, the token.</param>
internal sealed record AntiforgeryHeader(string Name, string Value);
