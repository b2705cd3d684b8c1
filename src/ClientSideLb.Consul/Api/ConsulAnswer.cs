using ClientSideLb.Consul.Instances;

namespace ClientSideLb.Consul.Api;

/// <summary>Consul's answer to a query.</summary>
/// <param name="List">The instances.</param>
/// <param name="Index">The index to wait for the next change with, or <see langword="null"/> if the answer has none.</param>
/// <param name="IsFiltered">Whether Consul left out what the token may not read.</param>
internal sealed record ConsulAnswer(InstanceList List, ulong? Index, bool IsFiltered);
