namespace ClientSideLb;

/// <summary>What a request that changes something has to carry, so that no other site can send it.</summary>
/// <param name="Header">The header.</param>
/// <param name="Value">Its value.</param>
internal sealed record ChangeToken(string Header, string Value);
